// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";

import { token_in } from "./link_token";

describe("token_in", () => {
  it("reads the links of mails", () => expect(token_in("#token=-wQnu_9")).toBe("-wQnu_9"));
  it("reads invitations", () => expect(token_in("#invite=abc")).toBe("abc"));
  it("reads a bare token, as a first run prints it", () => expect(token_in("#AbC-_1")).toBe("AbC-_1"));
  it("takes what is no text as it is", () => expect(token_in("#%E0%A4%A")).toBe("%E0%A4%A"));
  it("finds none in other fragments", () => {
    expect(token_in("")).toBe("");
    expect(token_in("#section=2")).toBe("");
  });
});
