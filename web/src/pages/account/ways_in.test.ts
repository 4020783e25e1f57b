// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";

import { type Identity, ways_in } from "./ways_in";

const of = (provider: Identity["provider"]): Identity => ({ provider, email: null, linkedAt: "2026-05-13T10:14:22.000Z" });
const google = of("google");
const github = of("github");

test("what is offered comes in the service's order, linked or not", () => {
  const ways = ways_in(["google", "github"], { hasPassword: true, identities: [github] });
  expect(ways.map(({ provider, identities }) => [provider, identities.length])).toEqual([
    ["google", 0],
    ["github", 1],
  ]);
  expect(ways.some(({ only }) => only)).toBe(false);
});

test("the only way in is one provider without a password, however often it is linked", () => {
  const only = (hasPassword: boolean, identities: Identity[]) =>
    ways_in(["google", "github"], { hasPassword, identities })
      .filter((way) => way.only)
      .map(({ provider }) => provider);
  expect(only(false, [google])).toEqual(["google"]);
  expect(only(false, [google, google])).toEqual(["google"]);
  expect(only(false, [google, github])).toEqual([]);
  expect(only(true, [google])).toEqual([]);
  expect(only(false, [])).toEqual([]);
});

test("what is linked is told also when the service offers it no more", () => {
  expect(ways_in([], { hasPassword: true, identities: [google] })).toEqual([{ provider: "google", identities: [google], offered: false, only: false }]);
});
