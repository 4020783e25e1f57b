// SPDX-License-Identifier: Apache-2.0
import { Check, Copy } from "lucide-react";
import { useState } from "react";

import { Button } from "./button";
import css from "./copy_field.module.css";

// A value to take along, as a key that is shown once.
export function CopyField({ label, value }: { label: string; value: string }) {
  const [copied, set_copied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    set_copied(true);
    setTimeout(() => set_copied(false), 2000);
  };
  return (
    <div className={css["box"]}>
      <input className={css["value"]} aria-label={label} readOnly value={value} onFocus={(event) => event.target.select()} />
      <Button small onPress={() => void copy()}>
        {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
        <span aria-live="polite">{copied ? "Copied" : "Copy"}</span>
      </Button>
    </div>
  );
}
