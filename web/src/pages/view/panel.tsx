// SPDX-License-Identifier: Apache-2.0
import { X } from "lucide-react";
import type { ReactNode } from "react";

import { IconButton } from "../../design";
import css from "./view.module.css";

// Beside the drawing; on a phone a sheet from below.
export function Panel({ title, onClose, actions, children }: { title: string; onClose: () => void; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className={css["panel"]} aria-label={title}>
      <header className={css["panel-head"]}>
        <h2>{title}</h2>
        <div className={css["panel-actions"]}>
          {actions}
          <IconButton label={`Close ${title.toLowerCase()}`} onPress={onClose}>
            <X />
          </IconButton>
        </div>
      </header>
      <div className={css["panel-body"]}>{children}</div>
    </section>
  );
}
