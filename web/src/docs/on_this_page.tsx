// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useEffect, useState } from "react";

import css from "./docs.module.css";

interface Entry {
  id: string;
  text: string;
}

// The guide's sections, and which of them one reads. They are read from the article: what a guide renders is what it has.
export function OnThisPage({ article }: { article: RefObject<HTMLElement | null> }) {
  const [entries, set_entries] = useState<Entry[]>([]);
  const [here, set_here] = useState("");

  useEffect(() => {
    const headings = [...article.current!.querySelectorAll<HTMLElement>("h2[id]")];
    set_entries(headings.map((heading) => ({ id: heading.id, text: heading.textContent })));
    const look = () => {
      const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 120);
      set_here((passed.at(-1) ?? headings[0])?.id ?? "");
    };
    look();
    window.addEventListener("scroll", look, { passive: true });
    return () => window.removeEventListener("scroll", look);
  }, [article]);

  if (entries.length < 2) return null;
  return (
    <nav className={css["contents"]} aria-label="On this page">
      <p className={css["label"]}>On this page</p>
      <ul>
        {entries.map(({ id, text }) => (
          <li key={id}>
            <a href={`#${id}`} {...(id === here ? { "aria-current": "location" as const } : {})}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
