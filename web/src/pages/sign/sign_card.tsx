// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";

import { useTitle } from "../../design";
import css from "./sign_card.module.css";

// Of every page that leads to a session.
export function SignCard({ title, lead, below, children }: { title: string; lead?: ReactNode; below?: ReactNode; children?: ReactNode }) {
  useTitle(title);
  return (
    <div className={css["place"]}>
      <section className={css["card"]}>
        <h1>{title}</h1>
        {lead && <p className={css["lead"]}>{lead}</p>}
        {children}
      </section>
      {below && <p className={css["below"]}>{below}</p>}
    </div>
  );
}
