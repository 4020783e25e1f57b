// SPDX-License-Identifier: Apache-2.0
// The documentation: its first page, and the guides in their frame.
import { ArrowLeft, ArrowRight, ChevronDown } from "lucide-react";
import { type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { Link, useParams } from "wouter";

import { Loading } from "../design";
import { NotFound } from "../pages/not_found";
import css from "./docs.module.css";
import { DocsHome } from "./docs_home";
import { DocsSearch } from "./docs_search";
import { elements } from "./elements";
import { type Guide, groups, guides } from "./guides";
import { useHash } from "./location";
import { OnThisPage } from "./on_this_page";
import prose from "./prose.module.css";

function Sidebar({ here }: { here: string | undefined }) {
  const [open, set_open] = useState(false);
  useEffect(() => set_open(false), [here]);
  return (
    <aside className={css["side"]}>
      <DocsSearch />
      <button type="button" className={css["toggle"]} aria-expanded={open} aria-controls="docs-guides" onClick={() => set_open(!open)}>
        All guides
        <ChevronDown aria-hidden="true" />
      </button>
      <nav id="docs-guides" aria-label="Documentation" className={`${css["guides"]} ${open ? css["open"] : ""}`}>
        {groups.map((group) => (
          <div key={group.title}>
            <p className={css["label"]}>{group.title}</p>
            <ul>
              {group.guides.map(({ slug, title }) => (
                <li key={slug}>
                  <Link href={`/docs/${slug}`} {...(slug === here ? { "aria-current": "page" as const } : {})}>
                    {title}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
        <div>
          <p className={css["label"]}>Reference</p>
          <ul>
            <li>
              <a href="/docs/reference">API reference</a>
            </li>
          </ul>
        </div>
      </nav>
    </aside>
  );
}

function Neighbors({ of }: { of: Guide }) {
  const at = guides.indexOf(of);
  const before = guides[at - 1];
  const after = guides[at + 1];
  return (
    <nav className={css["neighbors"]} aria-label="Previous and next guide">
      {before && (
        <Link href={`/docs/${before.slug}`}>
          <span>
            <ArrowLeft aria-hidden="true" /> Previous
          </span>
          {before.title}
        </Link>
      )}
      {after && (
        <Link href={`/docs/${after.slug}`} className={css["next"]}>
          <span>
            Next <ArrowRight aria-hidden="true" />
          </span>
          {after.title}
        </Link>
      )}
    </nav>
  );
}

// Rendered when the guide's content is there, so what the address points to can be shown.
function Article({ guide }: { guide: Guide }) {
  const article = useRef<HTMLElement>(null);
  const hash = useHash();
  useEffect(() => {
    const place = hash && document.getElementById(hash);
    if (place) place.scrollIntoView();
    else window.scrollTo(0, 0);
  }, [guide, hash]);
  return (
    <>
      <article ref={article} className={`${css["article"]} ${prose["prose"]}`}>
        <h1>{guide.title}</h1>
        <p className={prose["lead"]}>{guide.summary}</p>
        <guide.Content components={elements} />
        <Neighbors of={guide} />
      </article>
      <OnThisPage article={article} />
    </>
  );
}

function Frame({ title, here, children }: { title: string; here?: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · CADLens docs`;
  }, [title]);
  return (
    <div className={css["frame"]}>
      <Sidebar here={here} />
      {children}
    </div>
  );
}

export function Docs() {
  const { guide: slug } = useParams();
  if (slug === undefined)
    return (
      <Frame title="Documentation">
        <DocsHome />
      </Frame>
    );
  const guide = guides.find((one) => one.slug === slug);
  if (!guide) return <NotFound />;
  return (
    <Frame title={guide.title} here={slug}>
      <Suspense fallback={<Loading />}>
        <Article key={slug} guide={guide} />
      </Suspense>
    </Frame>
  );
}
