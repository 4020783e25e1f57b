// SPDX-License-Identifier: Apache-2.0
// Where a rotation's moments lie on a line of 0 to 100 %.
import { end_of, type Overlap } from "./key_state";

const kHour = 3_600_000;
const kMargin = 0.25;  // of the overlap, before and after it

export interface TimeLine {
  rotated: number;
  now: number;
  // 100 where the old key works until it is revoked.
  end: number;
}

export function time_line({ old, replacement }: Overlap, now: number): TimeLine {
  const rotated = new Date(replacement.createdAt).getTime();
  const end = end_of(old);
  const until = end === null ? Math.max(now, rotated + kHour) : new Date(end).getTime();
  const span = Math.max(until - rotated, 1);
  const at = (time: number) => Math.min(100, Math.max(0, (100 * (time - rotated + kMargin * span)) / ((1 + 2 * kMargin) * span)));
  return { rotated: at(rotated), now: at(now), end: end === null ? 100 : at(until) };
}
