// SPDX-License-Identifier: Apache-2.0
import { Search } from "lucide-react";
import { ComboBox, Input, ListBox, ListBoxItem, Popover, Text } from "react-aria-components";

import { useOverlayPlace } from "./overlay_place";
import css from "./search_box.module.css";

export interface SearchHit {
  id: string;
  title: string;
  detail?: string;
}

// A field whose hits open below it while one types; whoever uses it does the searching.
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
  return (
    <ComboBox
      aria-label={label}
      inputValue={value}
      onInputChange={onChange}
      selectedKey={null}
      onSelectionChange={(key) => key !== null && onPick(String(key))}
      items={hits}
      allowsEmptyCollection={value.trim() !== ""}
      allowsCustomValue
      menuTrigger="input"
      className={css["field"]!}
      {...(onFocus ? { onFocus } : {})}
    >
      <Search className={css["icon"]} aria-hidden="true" />
      <Input className={css["input"]!} placeholder={label} type="search" />
      <Popover {...place} className={css["popover"]!} placement="bottom start">
        <ListBox className={css["list"]!} renderEmptyState={() => <p className={css["none"]}>Nothing found.</p>}>
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
    </ComboBox>
  );
}
