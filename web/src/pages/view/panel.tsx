// SPDX-License-Identifier: Apache-2.0
import { X } from "lucide-react";
import { createContext, type ReactNode, useContext, useLayoutEffect, useRef } from "react";

import { IconButton } from "../../design";
import css from "./view.module.css";

// Is told how many of the drawing's lowest pixels a panel covers.
export const Covering = createContext<(pixels: number) => void>(() => {});

// Beside the drawing; on a phone a sheet from below: a low one where the drawing is worked in meanwhile.
export function Panel({ title, onClose, low = false, children }: { title: string; onClose: () => void; low?: boolean; children: ReactNode }) {
  const cover = useContext(Covering);
  const section = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const { current: panel } = section;
    if (!panel) return;
    const tell = () => cover(panel.offsetWidth >= (panel.parentElement?.clientWidth ?? 0) ? panel.offsetHeight : 0);
    const resizes = new ResizeObserver(tell);
    resizes.observe(panel);
    tell();
    return () => {
      resizes.disconnect();
      cover(0);
    };
  }, [cover]);
  return (
    <section ref={section} className={`${css["panel"]} ${low ? css["low"] : ""}`} aria-label={title}>
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
