// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";

import { worded } from "./wording";

it("names are put into words, and what is in words stays", () => {
  expect(worded("key.rotated")).toBe("An API key was rotated");
  expect(worded("POST /v1/parse 202")).toBe("POST /v1/parse 202");
  expect(worded("new.event")).toBe("new.event");
});
