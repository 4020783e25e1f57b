// SPDX-License-Identifier: Apache-2.0
// Where a guide's table has more than a name and what it means, each cell knows its column's name: on a phone there is no head.
interface Node {
  type: string;
  tagName?: string;
  value?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
}

const kPlain = 2;
// A longer name introduces a text that is understood without it.
const kLongest = 16;

const text_of = (node: Node): string => node.value ?? (node.children ?? []).map(text_of).join("");
const all = (node: Node, tag: string): Node[] => (node.children ?? []).flatMap((child) => [...(child.tagName === tag ? [child] : []), ...all(child, tag)]);

export function cell_names() {
  return (tree: Node) => {
    for (const table of all(tree, "table")) {
      const names = all(table, "th").map(text_of);
      if (names.length <= kPlain) continue;
      for (const row of all(table, "tr"))
        for (const [at, cell] of all(row, "td").entries()) if (at > 0 && names[at]!.length <= kLongest) cell.properties = { ...cell.properties, dataLabel: names[at] };
    }
  };
}
