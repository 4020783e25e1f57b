// SPDX-License-Identifier: Apache-2.0
import { Check, ChevronDown } from "lucide-react";
import { useMemo, useState } from "react";
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from "react-aria-components";

import css from "./fields.module.css";
import own from "./search_choice.module.css";

// Of thousands, whoever looks for one types on; a list of all of them would take seconds to build.
const kMostShown = 100;

// A choice among very many: typing narrows it. The first option stands for no choice.
export function SearchChoice({
  label,
  value,
  onChange,
  options,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly { id: string; label: string }[];
}) {
  const chosen = options.find(({ id }) => id === value)?.label ?? "";
  const [typed, set_typed] = useState<string>();
  const shown = useMemo(() => {
    const wanted = typed?.trim().toLowerCase();
    return (wanted ? options.filter((option) => option.label.toLowerCase().includes(wanted)) : options).slice(0, kMostShown);
  }, [options, typed]);
  return (
    <ComboBox
      items={shown}
      value={value}
      onChange={(key) => {
        set_typed(undefined);
        onChange(key === null ? options[0]!.id : String(key));
      }}
      inputValue={typed ?? chosen}
      onInputChange={(text) => set_typed(text === chosen ? undefined : text)}
      onOpenChange={(open) => !open && set_typed(undefined)}
      menuTrigger="focus"
      allowsEmptyCollection
      className={css["field"]!}
    >
      <Label>{label}</Label>
      <div className={own["box"]}>
        <Input className={`${css["input"]} ${own["input"]}`} onFocus={(event) => event.target.select()} />
        <Button className={own["open"]!}>
          <ChevronDown aria-hidden="true" />
        </Button>
      </div>
      <Popover className={css["popover"]!}>
        <ListBox<{ id: string; label: string }> className={css["list"]!} renderEmptyState={() => <p className={own["none"]}>Nothing has that name.</p>}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.label} className={css["item"]!}>
              {({ isSelected }) => (
                <>
                  <span>{option.label}</span>
                  {isSelected && <Check aria-hidden="true" />}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
