// SPDX-License-Identifier: Apache-2.0
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import {
  Button,
  Checkbox as AriaCheckbox,
  FieldError,
  Input,
  Label,
  ListBox,
  Popover,
  Select,
  SelectValue,
  Switch,
  Text,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
} from "react-aria-components";

import css from "./fields.module.css";
import { option_item } from "./option_item";
import { useOverlayPlace } from "./overlay_place";

interface Common {
  label: string;
  hint?: ReactNode;
  // Of the server, as `fieldErrors` has them.
  errors?: string[] | undefined;
  disabled?: boolean;
}

interface TextProps extends Common {
  value: string;
  onChange: (value: string) => void;
  name?: string;
  type?: "text" | "email" | "password" | "url" | "tel" | "search" | "date";
  autoComplete?: string;
  required?: boolean;
  placeholder?: string;
  autoFocus?: boolean;
  maxLength?: number;
  min?: string;
}

function Below({ hint, errors }: Pick<Common, "hint" | "errors">) {
  return (
    <>
      {hint && (
        <Text slot="description" className={css["hint"]!}>
          {hint}
        </Text>
      )}
      <FieldError className={css["error"]!}>{errors?.join(" ")}</FieldError>
    </>
  );
}

export function TextField({ label, hint, errors, disabled = false, placeholder, min, required = false, ...input }: TextProps) {
  return (
    <AriaTextField {...input} isRequired={required} isDisabled={disabled} isInvalid={!!errors?.length} validationBehavior="aria" className={css["field"]!}>
      <Label>{label}</Label>
      <Input className={css["input"]!} {...(placeholder ? { placeholder } : {})} {...(min ? { min } : {})} />
      <Below hint={hint} errors={errors} />
    </AriaTextField>
  );
}

export function TextArea({ label, hint, errors, disabled = false, rows = 4, value, onChange }: Common & { rows?: number; value: string; onChange: (value: string) => void }) {
  return (
    <AriaTextField value={value} onChange={onChange} isDisabled={disabled} isInvalid={!!errors?.length} validationBehavior="aria" className={css["field"]!}>
      <Label>{label}</Label>
      <AriaTextArea className={css["input"]!} rows={rows} />
      <Below hint={hint} errors={errors} />
    </AriaTextField>
  );
}

export function Choice<Id extends string>({
  label,
  hint,
  errors,
  disabled = false,
  value,
  onChange,
  options,
  bare = false,
}: Common & { value: Id; onChange: (value: Id) => void; options: readonly { id: Id; label: string }[]; bare?: boolean }) {
  const place = useOverlayPlace();
  return (
    <Select
      value={value}
      onChange={(key) => onChange(key as Id)}
      isDisabled={disabled}
      isInvalid={!!errors?.length}
      className={css["field"]!}
      {...(bare ? { "aria-label": label } : {})}
    >
      {!bare && <Label>{label}</Label>}
      <Button className={css["select"]!}>
        <SelectValue />
        <ChevronDown aria-hidden="true" />
      </Button>
      <Below hint={hint} errors={errors} />
      <Popover {...place} className={css["popover"]!}>
        <ListBox className={css["list"]!} items={options}>
          {option_item}
        </ListBox>
      </Popover>
    </Select>
  );
}

export function Checkbox({ value, onChange, disabled = false, children }: { value: boolean; onChange: (value: boolean) => void; disabled?: boolean; children: ReactNode }) {
  return (
    <AriaCheckbox isSelected={value} onChange={onChange} isDisabled={disabled} className={css["check"]!}>
      <span className={css["box"]} aria-hidden="true">
        {value && <Check />}
      </span>
      <span>{children}</span>
    </AriaCheckbox>
  );
}

export function SwitchField({ value, onChange, disabled = false, children }: { value: boolean; onChange: (value: boolean) => void; disabled?: boolean; children: ReactNode }) {
  return (
    <Switch isSelected={value} onChange={onChange} isDisabled={disabled} className={css["check"]!}>
      <span className={`${css["track"]} ${value ? css["on"] : ""}`} aria-hidden="true" />
      <span>{children}</span>
    </Switch>
  );
}
