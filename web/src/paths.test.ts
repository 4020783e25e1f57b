// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { paths } from "./paths";

// The other way round the compiler sees to: app.tsx takes no path that is not in the list.
test("each path in the list has its page in app.tsx", () => {
  const app = readFileSync(new URL("app.tsx", import.meta.url), "utf8");
  expect(paths.filter((path) => !app.includes(`["${path}", page(`) && !app.includes(`<Route path="${path}">`))).toEqual([]);
});

test("each route that app.tsx writes out is in the list", () => {
  const app = readFileSync(new URL("app.tsx", import.meta.url), "utf8");
  const written = [...app.matchAll(/<Route path="([^"]+)">/g)].map(([, path]) => path);
  expect(written.length).toBeGreaterThan(0);
  expect(paths).toEqual(expect.arrayContaining(written));
});
