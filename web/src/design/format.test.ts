// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";

import { relative, utc_day } from "./format";

const kNow = Date.parse("2026-03-10T12:00:00Z");
const hours = (count: number) => relative(new Date(kNow + count * 3_600_000).toISOString(), kNow);

test.each([
  [0, "just now"],
  [0.01, "in less than a minute"],
  [-0.5, "30 minutes ago"],
  [0.99, "in 1 hour"],
  [24 - 0.01, "in 1 day"],
  [-26, "1 day ago"],
  // Not "tomorrow", which it is not.
  [47, "in 2 days"],
  [-47, "2 days ago"],
  // Just sent, and kept for seven days.
  [7 * 24 - 0.01, "in 7 days"],
  [-400 * 24, "1 year ago"],
])("%d hours from now", (count, words) => expect(hours(count)).toBe(words));

test("a day of UTC is that day everywhere", () => {
  expect(utc_day("2026-12-01T00:00:00Z")).toBe("Dec 1, 2026");
  expect(utc_day("2026-12-31T23:59:59Z")).toBe("Dec 31, 2026");
});
