// SPDX-License-Identifier: Apache-2.0
import { Check } from "lucide-react";
import { ListBoxItem } from "react-aria-components";

import css from "./fields.module.css";

export interface Option {
  id: string;
  label: string;
}

// A line of a choice's list.
export const option_item = ({ id, label }: Option) => (
  <ListBoxItem id={id} textValue={label} className={css["item"]!}>
    {({ isSelected }) => (
      <>
        <span>{label}</span>
        {isSelected && <Check aria-hidden="true" />}
      </>
    )}
  </ListBoxItem>
);
