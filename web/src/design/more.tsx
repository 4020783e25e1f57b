// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from "react";

import { Button } from "./button";
import css from "./more.module.css";

// Below a list of which there may be more. At its end a word takes the button's place, and the focus that would be lost with it.
export function More({ label, more, busy, onMore }: { label: string; more: boolean; busy: boolean; onMore: () => void }) {
  const end = useRef<HTMLParagraphElement>(null);
  const [asked, set_asked] = useState(false);
  const over = asked && !more && !busy;
  useEffect(() => {
    if (over && document.activeElement === document.body) end.current?.focus();
  }, [over]);
  if (over)
    return (
      <p ref={end} className={`${css["more"]} ${css["end"]}`} tabIndex={-1}>
        That is all.
      </p>
    );
  if (!more) return null;
  const ask = () => {
    set_asked(true);
    onMore();
  };
  return (
    <div className={css["more"]}>
      <Button busy={busy} onPress={ask}>
        {label}
      </Button>
    </div>
  );
}
