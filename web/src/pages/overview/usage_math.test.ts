// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";

import type { Usage, UsageDay } from "../../api/client";
import { range_of } from "./range";
import { days_table, keys_table, series_by_end, series_by_format, success_rate, total } from "./usage_math";

const day = (name: string, byFormat: Record<string, number>, completed = 0, failed = 0): UsageDay => ({
  day: name,
  requests: Object.values(byFormat).reduce((sum, count) => sum + count, 0),
  byFormat,
  completed,
  failed,
});
const usage = (byDay: UsageDay[], more: Partial<Usage> = {}) => ({ byDay, byKey: [], ...more }) as unknown as Usage;

describe("series_by_format", () => {
  it("has the most used format first and 0 for days without", () => {
    const series = series_by_format(usage([day("2026-05-01", { dwg: 1, dxf: 5 }), day("2026-05-03", { dwg: 2 })]), ["2026-05-01", "2026-05-02", "2026-05-03"]);
    expect(series.map(({ name, values }) => [name, values])).toEqual([
      ["DXF", [5, 0, 0]],
      ["DWG", [1, 0, 2]],
    ]);
  });
  it("puts what has no color of its own together", () => {
    const counts = { a: 9, b: 8, c: 7, d: 6, e: 5, f: 4, g: 3 };
    const series = series_by_format(usage([day("2026-05-01", counts)]), ["2026-05-01"]);
    expect(series.map(({ name }) => name)).toEqual(["A", "B", "C", "D", "E", "Others"]);
    expect(series.at(-1)!.values).toEqual([7]);
    expect(new Set(series.map(({ color }) => color)).size).toBe(6);
  });
});

it("ends are told by day", () => {
  const [completed, failed] = series_by_end(usage([day("2026-05-02", { dwg: 4 }, 3, 1)]), ["2026-05-01", "2026-05-02"]);
  expect(completed!.values).toEqual([0, 3]);
  expect(failed!.values).toEqual([0, 1]);
});

it("success_rate is of what has ended", () => {
  expect(success_rate({ completed: 3, failed: 1, latencyMs: null })).toBe(0.75);
  expect(success_rate({ completed: 0, failed: 0, latencyMs: null })).toBeUndefined();
});

it("tables have every day and every format", () => {
  const some = usage([day("2026-05-01", { dwg: 2 }, 1, 1), day("2026-05-03", { dxf: 3 }, 3)]);
  expect(total(some)).toBe(5);
  expect(days_table(some, { from: "2026-05-01", to: "2026-05-03" })).toEqual([
    ["day", "requests", "completed", "failed", "dwg", "dxf"],
    ["2026-05-01", 2, 1, 1, 2, 0],
    ["2026-05-02", 0, 0, 0, 0, 0],
    ["2026-05-03", 3, 3, 0, 0, 3],
  ]);
  const key = { keyId: "key_1", name: "plant", label: "", keyPrefix: "cadl_0123456", requests: 2, byFormat: { dwg: 2 } };
  expect(keys_table(usage([], { byKey: [key] }))).toEqual([
    ["key_id", "key_prefix", "name", "label", "requests", "dwg"],
    ["key_1", "cadl_0123456", "plant", "", 2, 2],
  ]);
});

it("range_of counts days of UTC, today's included", () => {
  const now = Date.parse("2026-03-01T00:30:00.000Z");
  expect(range_of("month", now)).toEqual({ from: "2026-03-01", to: "2026-03-01" });
  expect(range_of("30", now)).toEqual({ from: "2026-01-31", to: "2026-03-01" });
});
