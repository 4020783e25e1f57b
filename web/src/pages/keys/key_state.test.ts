// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";

import type { ApiKey } from "../../api/client";
import { end_of, is_unused, overlaps, state_of } from "./key_state";

const now = Date.parse("2026-05-13T12:00:00.000Z");
const key = (over: Partial<ApiKey> = {}): ApiKey => ({
  id: "key_1",
  name: "plant",
  label: "",
  keyPrefix: "cadl_0123456",
  scopes: ["parse"],
  allowedNetworks: [],
  resultSchema: "2.0.0",
  createdAt: "2026-05-01T00:00:00.000Z",
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  replaces: null,
  replacedBy: null,
  revokesAt: null,
  ...over,
});

describe("state_of", () => {
  it("is active without an end", () => expect(state_of(key(), now)).toBe("active"));
  it("tells an end that is near", () => {
    expect(state_of(key({ expiresAt: "2026-05-20T00:00:00.000Z" }), now)).toBe("ending");
    expect(state_of(key({ expiresAt: "2026-08-20T00:00:00.000Z" }), now)).toBe("active");
  });
  it("is expired from the moment on", () => expect(state_of(key({ expiresAt: "2026-05-13T12:00:00.000Z" }), now)).toBe("expired"));
  it("is revoked whatever else", () => expect(state_of(key({ revokedAt: "2026-05-02T00:00:00.000Z", expiresAt: "2026-05-03T00:00:00.000Z" }), now)).toBe("revoked"));
  it("is replaced while it works beside another", () => expect(state_of(key({ replacedBy: "key_2" }), now)).toBe("replaced"));
});

describe("end_of", () => {
  it("is what comes first", () => {
    expect(end_of(key())).toBeNull();
    expect(end_of(key({ expiresAt: "2026-06-01T00:00:00.000Z", revokesAt: "2026-05-14T00:00:00.000Z" }))).toBe("2026-05-14T00:00:00.000Z");
    expect(end_of(key({ expiresAt: "2026-06-01T00:00:00.000Z" }))).toBe("2026-06-01T00:00:00.000Z");
  });
});

describe("is_unused", () => {
  it("counts from the last use", () => {
    expect(is_unused(key({ createdAt: "2025-01-01T00:00:00.000Z", lastUsedAt: "2026-02-12T12:00:00.000Z" }), now)).toBe(true);
    expect(is_unused(key({ createdAt: "2025-01-01T00:00:00.000Z", lastUsedAt: "2026-02-12T12:00:00.001Z" }), now)).toBe(false);
  });
  it("counts from its making when it was never used", () => {
    expect(is_unused(key({ createdAt: "2026-01-01T00:00:00.000Z" }), now)).toBe(true);
    expect(is_unused(key(), now)).toBe(false);
  });
  it("says nothing of keys that have ended", () => expect(is_unused(key({ createdAt: "2025-01-01T00:00:00.000Z", revokedAt: "2025-02-01T00:00:00.000Z" }), now)).toBe(false));
});

describe("overlaps", () => {
  const old = key({ id: "key_1", replacedBy: "key_2", revokesAt: "2026-05-14T00:00:00.000Z" });
  const next = key({ id: "key_2", replaces: "key_1" });
  it("pairs a key with its replacement", () => expect(overlaps([next, old], now)).toEqual([{ old, replacement: next }]));
  it("ends with either", () => {
    expect(overlaps([next, { ...old, revokesAt: "2026-05-13T00:00:00.000Z" }], now)).toEqual([]);
    expect(overlaps([{ ...next, revokedAt: "2026-05-13T00:00:00.000Z" }, old], now)).toEqual([]);
    expect(overlaps([old], now)).toEqual([]);
  });
});
