// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";

import { provider_name, return_path } from "./providers";

describe("return_path", () => {
  it("keeps the page with its query", () => expect(return_path("/drawings", "?q=house")).toBe("/drawings?q=house"));
  it("does not come back to signing in", () => {
    expect(return_path("/sign-in", "")).toBe("/");
    expect(return_path("/sign-in/github", "?code=1")).toBe("/");
    expect(return_path("/sign-up", "")).toBe("/");
  });
});

describe("provider_name", () => {
  it("spells the known and capitalizes the others", () => {
    expect(provider_name("github")).toBe("GitHub");
    expect(provider_name("okta")).toBe("Okta");
  });
});
