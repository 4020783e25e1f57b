// SPDX-License-Identifier: Apache-2.0
// What has become of a key, from what the API tells of it.
import type { ApiKey } from "../../api/client";

const kDay = 86_400_000;
// A key that nobody has used for so long is probably forgotten, and only waits to be found.
export const kUnusedDays = 90;
// How long before its end a key is marked.
const kSoonDays = 14;

export type KeyState = "active" | "ending" | "replaced" | "expired" | "revoked";

type Times = Pick<ApiKey, "createdAt" | "expiresAt" | "revokedAt" | "lastUsedAt" | "revokesAt" | "replacedBy">;

// When it stops working if nothing is done: ISO times in UTC are in order as texts.
export function end_of(key: Times): string | null {
  const ends = [key.expiresAt, key.revokesAt].filter((end) => end !== null).sort();
  return ends[0] ?? null;
}

export function state_of(key: Times, now: number): KeyState {
  if (key.revokedAt) return "revoked";
  const end = end_of(key);
  const left = end === null ? Infinity : new Date(end).getTime() - now;
  if (left <= 0) return "expired";
  if (key.replacedBy) return "replaced";
  return left < kSoonDays * kDay ? "ending" : "active";
}

export const works = (state: KeyState) => state !== "revoked" && state !== "expired";

export function is_unused(key: Times, now: number): boolean {
  return works(state_of(key, now)) && now - new Date(key.lastUsedAt ?? key.createdAt).getTime() >= kUnusedDays * kDay;
}

export interface Overlap {
  old: ApiKey;
  replacement: ApiKey;
}

// Keys that still work beside the one that replaces them.
export function overlaps(keys: readonly ApiKey[], now: number): Overlap[] {
  return keys.flatMap((old) => {
    const replacement = keys.find((key) => key.id === old.replacedBy);
    return replacement && works(state_of(old, now)) && works(state_of(replacement, now)) ? [{ old, replacement }] : [];
  });
}
