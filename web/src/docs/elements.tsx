// SPDX-License-Identifier: Apache-2.0
// What a guide's Markdown becomes.
import { Link as LinkIcon } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { Link } from "wouter";

import { Notice } from "../design";
import { CodeBlock, CodeTabs } from "./code";
import css from "./elements.module.css";
import { Environment, FormatList, PlanList } from "./live";

// Paths that the server answers itself, or with a document of its own.
const kOutside = /^\/(docs\/reference|openapi\.json|\.well-known\/)/;

function Anchor({ href = "", children }: ComponentProps<"a">) {
  if (href.startsWith("/") && !kOutside.test(href)) return <Link href={href}>{children}</Link>;
  return <a href={href}>{children}</a>;
}

function heading(Level: "h2" | "h3") {
  return function Heading({ id, children }: ComponentProps<"h2">) {
    return (
      <Level id={id} className={css["heading"]}>
        {children}
        <a className={css["anchor"]} href={`#${id}`} aria-label="Link to this section">
          <LinkIcon aria-hidden="true" />
        </a>
      </Level>
    );
  };
}

// On a phone each row becomes a card, named by its first cell.
function WideTable({ children }: { children?: ReactNode }) {
  return (
    <div className={css["table"]}>
      <table>{children}</table>
    </div>
  );
}

function Note({ children }: { children: ReactNode }) {
  return (
    <div className={css["note"]}>
      <Notice>{children}</Notice>
    </div>
  );
}

export const elements = {
  a: Anchor,
  h2: heading("h2"),
  h3: heading("h3"),
  pre: CodeBlock,
  table: WideTable,
  CodeTabs,
  Environment,
  FormatList,
  Note,
  PlanList,
};
