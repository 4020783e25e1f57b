// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";

import { cell_names } from "./cell_names";

const cell = (tagName: string, value: string) => ({ type: "element", tagName, properties: {}, children: [{ type: "text", value }] });
const table = (...columns: string[]) => ({
  type: "element",
  tagName: "table",
  children: [
    { type: "element", tagName: "tr", children: columns.map((name) => cell("th", name)) },
    { type: "element", tagName: "tr", children: columns.map((name) => cell("td", `its ${name}`)) },
  ],
});
const labels = (made: ReturnType<typeof table>) => {
  cell_names()({ type: "root", children: [made] });
  return made.children[1]!.children.map(({ properties }) => (properties as { dataLabel?: string }).dataLabel);
};

test("cells behind the first are named where there is more than one kind of them", () => {
  expect(labels(table("Caller", "A minute", "At once"))).toEqual([undefined, "A minute", "At once"]);
  expect(labels(table("Code", "Status", "What it means, and what to do"))).toEqual([undefined, "Status", undefined]);
  expect(labels(table("Field", "Holds"))).toEqual([undefined, undefined]);
});
