// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { useLocation } from "wouter";

import { SearchBox } from "../design";
import { guides } from "./guides";
import { find, type Section } from "./search";

const title_of = (slug: string) => guides.find((guide) => guide.slug === slug)?.title ?? slug;
const href_of = ({ guide, id }: Section) => `/docs/${guide}${id && `#${id}`}`;

// The index comes when somebody is about to search.
export function DocsSearch() {
  const [, go] = useLocation();
  const [sections, set_sections] = useState<Section[]>([]);
  const [question, set_question] = useState("");
  const load = async () => set_sections((await import("virtual:docs-index")).default);
  const hits = find(sections, question, title_of).map(({ section, excerpt }) => ({
    id: href_of(section),
    title: section.heading ? `${title_of(section.guide)} › ${section.heading}` : title_of(section.guide),
    detail: excerpt,
  }));
  return (
    <SearchBox
      label="Search the docs"
      value={question}
      onChange={set_question}
      onFocus={() => void load()}
      hits={hits}
      onPick={(href) => {
        set_question("");
        go(href);
      }}
    />
  );
}
