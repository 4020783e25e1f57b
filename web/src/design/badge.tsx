// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";

import css from "./badge.module.css";
import tones from "./tones.module.css";

export type Tone = "plain" | "accent" | "good" | "warn" | "bad";

export function Badge({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={`${css["badge"]} ${tone === "plain" ? css["plain"] : tones[tone]}`} {...(typeof children === "string" ? { title: children } : {})}>
      {children}
    </span>
  );
}
