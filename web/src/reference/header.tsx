// SPDX-License-Identifier: Apache-2.0
// As the frame of the public pages, but for links that leave this document.
import brand from "../shell/brand.module.css";
import { Mark } from "../shell/mark";
import css from "../shell/plain_frame.module.css";
import { ThemeChoice } from "../shell/theme_choice";

export function ReferenceHeader() {
  return (
    <header className={css["top"]}>
      <a href="/" className={brand["brand"]}>
        <Mark />
        CADLens
      </a>
      <nav className={css["links"]} aria-label="Main">
        <a href="/docs">Docs</a>
        <a href="/openapi.json">OpenAPI</a>
        <a href="/security">Security</a>
        <ThemeChoice />
      </nav>
    </header>
  );
}
