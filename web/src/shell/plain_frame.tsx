// SPDX-License-Identifier: Apache-2.0
// Of the pages that everybody may see: sign-in, documentation, security.
import type { ReactNode } from "react";
import { Link } from "wouter";

import { LinkButton } from "../design";
import { useSession } from "../session/session";
import { Brand } from "./brand";
import css from "./plain_frame.module.css";
import { ThemeChoice } from "./theme_choice";

export function PlainFrame({ children }: { children: ReactNode }) {
  const { state } = useSession();
  return (
    <div className={css["frame"]}>
      <header className={css["top"]}>
        <Brand />
        <nav className={css["links"]} aria-label="Main">
          <Link href="/docs">Docs</Link>
          <Link href="/security">Security</Link>
          <ThemeChoice />
          {state.kind === "in" && (
            <LinkButton small href="/">
              Dashboard
            </LinkButton>
          )}
        </nav>
      </header>
      <main className={css["main"]} id="content">
        {children}
      </main>
    </div>
  );
}
