// SPDX-License-Identifier: Apache-2.0
import { ChevronDown } from "lucide-react";
import { useMemo, useState } from "react";
import { Autocomplete, Button, Input, Label, ListBox, Popover, SearchField, Select, SelectValue } from "react-aria-components";

import css from "./fields.module.css";
import { option_item, type Option } from "./option_item";
import { useOverlayPlace } from "./overlay_place";
import own from "./search_choice.module.css";

// Of thousands, whoever looks for one types on; a list of all of them would take seconds to build.
const kMostShown = 100;

// A choice among very many: typing narrows it.
export function SearchChoice({ label, value, onChange, options }: { label: string; value: string; onChange: (value: string) => void; options: readonly Option[] }) {
  const place = useOverlayPlace();
  const [typed, set_typed] = useState("");
  const shown = useMemo(() => {
    const wanted = typed.trim().toLowerCase();
    return (wanted ? options.filter((option) => option.label.toLowerCase().includes(wanted)) : options).slice(0, kMostShown);
  }, [options, typed]);
  return (
    <Select value={value} onChange={(key) => onChange(String(key))} onOpenChange={() => set_typed("")} className={css["field"]!}>
      <Label>{label}</Label>
      <Button className={css["select"]!}>
        {/* The one that is chosen may not be among those shown. */}
        <SelectValue className={own["chosen"]!}>{() => options.find(({ id }) => id === value)?.label}</SelectValue>
        <ChevronDown aria-hidden="true" />
      </Button>
      <Popover {...place} className={css["popover"]!}>
        <Autocomplete inputValue={typed} onInputChange={set_typed}>
          <SearchField aria-label={`Search: ${label}`} autoFocus className={own["search"]!}>
            <Input role="combobox" aria-expanded className={css["input"]!} placeholder="Search" />
          </SearchField>
          <ListBox className={css["list"]!} items={shown} renderEmptyState={() => <p className={own["none"]}>Nothing has that name.</p>}>
            {option_item}
          </ListBox>
        </Autocomplete>
      </Popover>
    </Select>
  );
}
