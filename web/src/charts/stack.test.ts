// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";

import { days_between, heights } from "./stack";

it("heights are sums from the ground", () => {
  const series = [
    { name: "a", color: "--series-1", values: [1, 2] },
    { name: "b", color: "--series-2", values: [3, 0] },
    { name: "c", color: "--series-3", values: [0, 5] },
  ];
  expect(heights(series)).toEqual([
    [1, 2],
    [4, 2],
    [4, 7],
  ]);
  expect(heights([])).toEqual([]);
});

it("days_between has both ends and leap days", () => {
  expect(days_between("2028-02-28", "2028-03-01")).toEqual(["2028-02-28", "2028-02-29", "2028-03-01"]);
  expect(days_between("2026-05-13", "2026-05-13")).toEqual(["2026-05-13"]);
  expect(days_between("2026-05-14", "2026-05-13")).toEqual([]);
});
