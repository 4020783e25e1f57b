// SPDX-License-Identifier: Apache-2.0
// The guides' sections as plain text, for the search: made when the app is built, as `virtual:docs-index`.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { createProcessor } from "@mdx-js/mdx";
import GithubSlugger from "github-slugger";
import { toString } from "mdast-util-to-string";
import remarkGfm from "remark-gfm";
import type { Plugin } from "vite";

import type { Section } from "../search";

const kModule = "virtual:docs-index";
const kGuides = join(import.meta.dirname, "..", "guides");

const processor = createProcessor({ remarkPlugins: [remarkGfm] });

// What stands before the first heading is a section without one.
export function sections_of(guide: string, source: string): Section[] {
  const slugger = new GithubSlugger();
  const sections: Section[] = [{ guide, id: "", heading: "", text: "" }];
  for (const node of processor.parse(source).children) {
    const heading = node.type === "heading" ? toString(node) : "";
    if (heading) sections.push({ guide, id: slugger.slug(heading), heading, text: "" });
    else sections.at(-1)!.text += `${words(node)}\n`;
  }
  return sections.filter((section) => section.heading || section.text.trim());
}

interface Node {
  type: string;
  children?: Node[];
}
const kBlocks = ["table", "tableRow", "list", "listItem", "blockquote", "mdxJsxFlowElement"];

// toString() alone joins the cells of a table, and the items of a list, without a blank. Samples are left out.
function words(node: Node): string {
  if (node.type === "code") return "";
  return node.children && kBlocks.includes(node.type) ? node.children.map(words).join(" ") : toString(node);
}

export async function read_index(): Promise<Section[]> {
  const files = (await readdir(kGuides)).filter((name) => name.endsWith(".mdx")).sort();
  const all = files.map(async (name) => sections_of(name.slice(0, -4), await readFile(join(kGuides, name), "utf8")));
  return (await Promise.all(all)).flat();
}

export function docs_index(): Plugin {
  return {
    name: "docs-index",
    resolveId: (id) => (id === kModule ? `\0${kModule}` : undefined),
    async load(id) {
      if (id !== `\0${kModule}`) return undefined;
      return `export default ${JSON.stringify(await read_index())};`;
    },
    handleHotUpdate({ file, server }) {
      const known = server.moduleGraph.getModuleById(`\0${kModule}`);
      if (file.startsWith(kGuides) && known) server.moduleGraph.invalidateModule(known);
    },
  };
}
