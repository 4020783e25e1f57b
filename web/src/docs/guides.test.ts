// SPDX-License-Identifier: Apache-2.0
// Guides, their rows, their links and the search's index fit together.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { compile } from "@mdx-js/mdx";
import rehypeSlug from "rehype-slug";
import remarkGfm from "remark-gfm";
import { expect, test } from "vitest";

import { read_index } from "./build/search_index";
import { guides } from "./guides";
import { find } from "./search";

const kGuides = join(import.meta.dirname, "guides");
const files = readdirSync(kGuides);
const source = (name: string) => readFileSync(join(kGuides, name), "utf8");
const index = await read_index();

async function ids_of(name: string): Promise<string[]> {
  const compiled = String(await compile(source(name), { remarkPlugins: [remarkGfm], rehypePlugins: [rehypeSlug] }));
  return [...compiled.matchAll(/_components\.h[23], \{\s*id: "([^"]+)"/g)].map((match) => match[1]!);
}

test("each file is a guide and each guide a file", () => {
  expect(guides.map(({ slug }) => `${slug}.mdx`).sort()).toEqual(files.toSorted());
});

test.each(files)("%s: the index has the places that its page has", async (name) => {
  const ids = await ids_of(name);
  expect(ids.length).toBeGreaterThan(1);
  expect(index.filter(({ guide, id }) => `${guide}.mdx` === name && id).map(({ id }) => id)).toEqual(ids);
});

test("links between guides lead somewhere", () => {
  const places = new Set(index.flatMap(({ guide, id }) => [`/docs/${guide}`, `/docs/${guide}#${id}`]));
  const links = files.flatMap((name) =>
    [...source(name).matchAll(/\]\((\/docs\/(?!reference)[^)]+|#[^)]+)\)/g)].map((match) => (match[1]!.startsWith("#") ? `/docs/${name.slice(0, -4)}${match[1]}` : match[1]!)),
  );
  expect(links.length).toBeGreaterThan(10);
  for (const link of links) expect(places).toContain(link);
});

const title_of = (slug: string) => guides.find((guide) => guide.slug === slug)!.title;
const first = (question: string) => {
  const { guide, id } = find(index, question, title_of)[0]!.section;
  return `${guide}#${id}`;
};

test("the search finds what one would ask for", () => {
  expect(first("verify signature")).toBe("webhooks#verify-the-sender");
  expect(first("QUOTA_EXCEEDED")).toMatch(/^(errors|limits)#/);
  expect(first("quickst")).toMatch(/^quickstart#/);
  expect(first("rotate key")).toBe("keys#replace-a-key-without-downtime");
  expect(first("idempotency")).toBe("sync-async#idempotency-send-again-safely");
});

test("it finds nothing for nothing, and for words that no section has together", () => {
  expect(find(index, "  ", title_of)).toEqual([]);
  expect(find(index, "webhook zeppelin", title_of)).toEqual([]);
});
