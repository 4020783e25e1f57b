// SPDX-License-Identifier: Apache-2.0
// Of the pages that everybody may see: sign-in, documentation, security.
import type { ReactNode } from "react";
import { Link } from "wouter";

import { LinkButton } from "../design";
import { useSession } from "../session/session";
import { useArrival } from "./arrival";
import { Brand } from "./brand";
import css from "./plain_frame.module.css";
import { ThemeChoice } from "./theme_choice";

export function PlainFrame({ children }: { children: ReactNode }) {
  const { state } = useSession();
  const content = useArrival();
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
      <main ref={content} className={css["main"]} id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
