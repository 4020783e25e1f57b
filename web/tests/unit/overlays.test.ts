// SPDX-License-Identifier: Apache-2.0
// Every overlay goes where its page's overlays are: one that does not would stay in the document when the session ends.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const source = resolve(import.meta.dirname, "../../src");
const with_overlays = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".tsx"))
  .map((name) => [name, [...readFileSync(join(source, name), "utf8").matchAll(/<(?:Popover|Tooltip|ModalOverlay|Modal)\b[^>]*>/g)].map(([tag]) => tag)] as const)
  .filter(([, tags]) => tags.length > 0);

test("there are overlays", () => {
  expect(with_overlays.map(([name]) => name)).toContain("design/dialog.tsx");
});

test.each(with_overlays)("%s", (_, tags) => {
  // A Modal is within its overlay.
  for (const tag of tags) if (!tag.startsWith("<Modal ")) expect(tag).toContain("{...place}");
});
