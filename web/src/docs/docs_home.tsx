// SPDX-License-Identifier: Apache-2.0
import { ArrowRight } from "lucide-react";
import { Link } from "wouter";

import { LinkButton } from "../design";
import css from "./docs_home.module.css";
import { groups } from "./guides";

export function DocsHome() {
  return (
    <div className={css["home"]}>
      <header className={css["hero"]}>
        <h1>Documentation</h1>
        <p>
          Send a CAD drawing; get its sheets, layers and entities as JSON, with a PNG preview of each sheet. One endpoint takes drawings, a handful more hand out
          results.
        </p>
        <div className={css["actions"]}>
          <LinkButton kind="primary" href="/docs/quickstart">
            Quickstart
          </LinkButton>
          <LinkButton outside href="/docs/reference">
            API reference
          </LinkButton>
        </div>
      </header>
      {groups.map((group) => (
        <section key={group.title}>
          <h2>{group.title}</h2>
          <ul className={css["cards"]}>
            {group.guides.map(({ slug, title, summary }) => (
              <li key={slug}>
                <Link href={`/docs/${slug}`} className={css["card"]}>
                  <span className={css["title"]}>
                    {title} <ArrowRight aria-hidden="true" />
                  </span>
                  <span>{summary}</span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
