// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";

import type { ApiKey } from "../../api/client";
import { time_line } from "./time_line";

const pair = (revokesAt: string | null) => ({
  old: { expiresAt: null, revokesAt } as ApiKey,
  replacement: { createdAt: "2026-05-13T00:00:00.000Z" } as ApiKey,
});

it("puts now between the rotation and the old key's end", () => {
  const line = time_line(pair("2026-05-14T00:00:00.000Z"), Date.parse("2026-05-13T12:00:00.000Z"));
  expect(line.rotated).toBeCloseTo(100 / 6);
  expect(line.now).toBeCloseTo(50);
  expect(line.end).toBeCloseTo(500 / 6);
});

it("goes on to the right where the old key has no end", () => {
  const line = time_line(pair(null), Date.parse("2026-05-15T00:00:00.000Z"));
  expect(line.end).toBe(100);
  expect(line.now).toBeCloseTo(500 / 6);
});
