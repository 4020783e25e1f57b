// SPDX-License-Identifier: Apache-2.0
// Numbers and times as a person reads them.
const kNumber = new Intl.NumberFormat("en-US");
const kDateTime = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "short" });
const kDay = new Intl.DateTimeFormat("en-US", { dateStyle: "medium" });
const kUtcDay = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeZone: "UTC" });
const kRelative = new Intl.RelativeTimeFormat("en-US", { numeric: "always" });

export const number = (value: number) => kNumber.format(value);
export const date_time = (iso: string) => kDateTime.format(new Date(iso));
export const day = (iso: string) => kDay.format(new Date(iso));
// Of what begins or ends with a day of UTC, as months of a plan and keys do.
export const utc_day = (iso: string) => kUtcDay.format(new Date(iso));

export function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let at = 0;
  while (count >= 1000 && at < units.length - 1) {
    count /= 1000;
    ++at;
  }
  return `${at === 0 || count >= 100 ? Math.round(count) : count.toFixed(1)} ${units[at]}`;
}

const kSteps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

// "in 24 hours" would be a day.
const kAlmost = 0.98;

// "in 3 days", "2 hours ago".
export function relative(iso: string, now = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  for (const [unit, size] of kSteps)
    if (Math.abs(seconds) >= kAlmost * size) return kRelative.format(Math.round(seconds / size), unit);
  return seconds > 0 ? "in less than a minute" : "just now";
}

// Of milliseconds: "840 ms", "3.2 s", "4 min".
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}

export function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={date_time(at)}>
      {relative(at)}
    </time>
  );
}
