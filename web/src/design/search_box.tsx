// SPDX-License-Identifier: Apache-2.0
import { Search } from "lucide-react";
import { useRef, useState } from "react";
import { Autocomplete, Input, ListBox, ListBoxItem, Popover, SearchField, Text } from "react-aria-components";

import { useOverlayPlace } from "./overlay_place";
import css from "./search_box.module.css";

export interface SearchHit {
  id: string;
  title: string;
  detail?: string;
}

// A field whose hits open below it while one types; whoever uses it does the searching. Not React Aria's ComboBox, which hides the
// rest of the page from screen readers while it leaves it to the Tab key.
export function SearchBox({
  label,
  value,
  onChange,
  onFocus,
  hits,
  onPick,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onFocus?: () => void;
  hits: SearchHit[];
  onPick: (id: string) => void;
}) {
  const place = useOverlayPlace();
  const field = useRef<HTMLDivElement>(null);
  const [open, set_open] = useState(false);
  const type = (text: string) => {
    onChange(text);
    set_open(text.trim() !== "");
  };
  const pick = (id: string) => {
    set_open(false);
    onPick(id);
  };
  return (
    <Autocomplete inputValue={value} onInputChange={type}>
      <SearchField ref={field} aria-label={label} className={css["field"]!} onKeyDown={({ key }) => key === "Tab" && set_open(false)} {...(onFocus ? { onFocus } : {})}>
        <Search className={css["icon"]} aria-hidden="true" />
        <Input className={css["input"]!} placeholder={label} role="combobox" aria-expanded={open} />
      </SearchField>
      <Popover {...place} isNonModal triggerRef={field} isOpen={open} onOpenChange={set_open} className={css["popover"]!} placement="bottom start">
        <ListBox aria-label={label} className={css["list"]!} items={hits} onAction={(id) => pick(String(id))} renderEmptyState={() => <p className={css["none"]}>Nothing found.</p>}>
          {(hit: SearchHit) => (
            <ListBoxItem id={hit.id} textValue={hit.title} className={css["item"]!}>
              <Text slot="label" className={css["title"]!}>
                {hit.title}
              </Text>
              {hit.detail && (
                <Text slot="description" className={css["detail"]!}>
                  {hit.detail}
                </Text>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Autocomplete>
  );
}
