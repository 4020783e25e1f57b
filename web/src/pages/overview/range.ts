// SPDX-License-Identifier: Apache-2.0
// Days are of UTC, as the API counts them.
export const kRanges = [
  { id: "month", label: "This month" },
  { id: "30", label: "Last 30 days" },
  { id: "90", label: "Last 90 days" },
  { id: "365", label: "Last year" },
] as const;
export type RangeId = (typeof kRanges)[number]["id"];

export interface Range {
  from: string;
  to: string;
}

const kDay = 86_400_000;
const day_of = (time: number) => new Date(time).toISOString().slice(0, 10);

export function range_of(id: RangeId, now: number): Range {
  const to = day_of(now);
  return { from: id === "month" ? `${to.slice(0, 8)}01` : day_of(now - (Number(id) - 1) * kDay), to };
}
