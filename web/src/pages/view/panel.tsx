// SPDX-License-Identifier: Apache-2.0
import { X } from "lucide-react";
import type { ReactNode } from "react";

import { IconButton } from "../../design";
import css from "./view.module.css";

// Beside the drawing; on a phone a sheet from below: a low one where the drawing is worked in meanwhile.
export function Panel({ title, onClose, low = false, children }: { title: string; onClose: () => void; low?: boolean; children: ReactNode }) {
  return (
    <section className={`${css["panel"]} ${low ? css["low"] : ""}`} aria-label={title}>
      <header className={css["panel-head"]}>
        <h2>{title}</h2>
        <IconButton label={`Close ${title.toLowerCase()}`} onPress={onClose}>
          <X />
        </IconButton>
      </header>
      <div className={css["panel-body"]}>{children}</div>
    </section>
  );
}
