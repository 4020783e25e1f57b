// SPDX-License-Identifier: Apache-2.0
// A component names no class that its style sheet does not have: the compiler does not see that.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";

const source = resolve(import.meta.dirname, "../../src");
const components = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx"));

test.each(components)("%s", (name) => {
  const path = join(source, name);
  const text = readFileSync(path, "utf8");
  for (const [, sheet, file] of text.matchAll(/import (\w+) from "([^"]+\.module\.css)"/g)) {
    const classes = new Set([...readFileSync(join(dirname(path), file!), "utf8").matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, one]) => one));
    for (const [, named] of text.matchAll(new RegExp(`\\b${sheet}\\["([^"]+)"\\]`, "g"))) expect([...classes], `${file} has ${named}`).toContain(named);
  }
});
