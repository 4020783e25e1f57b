// SPDX-License-Identifier: Apache-2.0
export interface Series {
  name: string;
  // A token of the design.
  color: string;
  values: readonly number[];
}

// Bars are drawn over each other, the tallest first, so each is given its height from the ground.
export function heights(series: readonly Series[]): number[][] {
  const sums: number[][] = [];
  for (const { values } of series) {
    const below = sums.at(-1);
    sums.push(values.map((value, at) => value + (below?.[at] ?? 0)));
  }
  return sums;
}

const kDay = 86_400_000;

// Every day from the first to the last, as 2026-05-13.
export function days_between(first: string, last: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += kDay) days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
