// SPDX-License-Identifier: Apache-2.0
import { type ReactNode, useEffect } from "react";

import css from "./layout.module.css";

export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · CADLens`;
  }, [title]);
}

// A page: its title is the document's, too.
export function Page({
  title,
  lead,
  actions,
  wide = false,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  useTitle(title);
  return (
    <div className={`${css["page"]} ${wide ? css["wide"] : ""}`}>
      <header className={css["head"]}>
        <div>
          <h1>{title}</h1>
          {lead && <p className={css["lead"]}>{lead}</p>}
        </div>
        {actions && <div className={css["actions"]}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function Card({ title, actions, flush = false, children }: { title?: string; actions?: ReactNode; flush?: boolean; children: ReactNode }) {
  return (
    <section className={css["card"]}>
      {(title || actions) && (
        <header className={css["card-head"]}>
          {title && <h2>{title}</h2>}
          {actions && <div className={css["actions"]}>{actions}</div>}
        </header>
      )}
      <div className={flush ? css["flush"] : css["card-body"]}>{children}</div>
    </section>
  );
}

export function Stack({ gap = 4, row = false, children }: { gap?: 1 | 2 | 3 | 4 | 5; row?: boolean; children: ReactNode }) {
  return <div className={`${row ? css["row"] : css["stack"]} ${css[`gap${gap}`]}`}>{children}</div>;
}

// In a card whose content reaches its edges: what must not.
export function Inset({ children }: { children: ReactNode }) {
  return <div className={css["inset"]}>{children}</div>;
}
