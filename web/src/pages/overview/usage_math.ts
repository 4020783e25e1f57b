// SPDX-License-Identifier: Apache-2.0
import type { Usage } from "../../api/client";
import { days_between, type Series } from "../../charts/stack";
import type { Range } from "./range";

// As many as the design has colors for; further formats share the last.
const kMostSeries = 6;

// Which formats the days have, the most used first, and how many requests of each a day had.
export function series_by_format(usage: Usage, days: readonly string[]): Series[] {
  const counts = new Map(usage.byDay.map((day) => [day.day, day.byFormat]));
  const totals = new Map<string, number>();
  for (const { byFormat } of usage.byDay) for (const [format, requests] of Object.entries(byFormat)) totals.set(format, (totals.get(format) ?? 0) + requests);
  const formats = [...totals.keys()].sort((a, b) => totals.get(b)! - totals.get(a)! || a.localeCompare(b));
  const own = formats.length > kMostSeries ? formats.slice(0, kMostSeries - 1) : formats;
  const groups = [...own.map((format) => [format]), ...(own.length < formats.length ? [formats.slice(own.length)] : [])];
  return groups.map((group, at) => ({
    name: group.length === 1 && group[0] ? group[0].toUpperCase() : "Others",
    color: `--series-${at + 1}`,
    values: days.map((day) => group.reduce((sum, format) => sum + (counts.get(day)?.[format] ?? 0), 0)),
  }));
}

export function series_by_end(usage: Usage, days: readonly string[]): Series[] {
  const by_day = new Map(usage.byDay.map((day) => [day.day, day]));
  const of = (end: "completed" | "failed") => days.map((day) => by_day.get(day)?.[end] ?? 0);
  return [
    { name: "Completed", color: "--good", values: of("completed") },
    { name: "Failed", color: "--bad", values: of("failed") },
  ];
}

export const total = (usage: Usage) => usage.byDay.reduce((sum, day) => sum + day.requests, 0);

// Undefined where nothing has ended: that is neither success nor failure.
export function success_rate({ completed, failed }: Usage["outcomes"]): number | undefined {
  return completed + failed > 0 ? completed / (completed + failed) : undefined;
}

export function days_table(usage: Usage, { from, to }: Range) {
  const days = days_between(from, to);
  const formats = [...new Set(usage.byDay.flatMap((day) => Object.keys(day.byFormat)))].sort();
  const by_day = new Map(usage.byDay.map((day) => [day.day, day]));
  return [
    ["day", "requests", "completed", "failed", ...formats],
    ...days.map((name) => {
      const day = by_day.get(name);
      return [name, day?.requests ?? 0, day?.completed ?? 0, day?.failed ?? 0, ...formats.map((format) => day?.byFormat[format] ?? 0)];
    }),
  ];
}

export function keys_table(usage: Usage) {
  const formats = [...new Set(usage.byKey.flatMap((key) => Object.keys(key.byFormat)))].sort();
  return [
    ["key_id", "key_prefix", "name", "label", "requests", ...formats],
    ...usage.byKey.map((key) => [key.keyId, key.keyPrefix, key.name, key.label, key.requests, ...formats.map((format) => key.byFormat[format] ?? 0)]),
  ];
}
