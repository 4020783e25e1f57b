// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";

import { spread_parameters } from "./spread_parameters";

const id = { $ref: "#/components/parameters/JobId" };
const limit = { name: "limit", in: "query" };

test("each operation gets its path's parameters before its own", () => {
  const spread = spread_parameters({
    openapi: "3.1.0",
    paths: { "/v1/jobs/{id}": { parameters: [id], get: { summary: "One", parameters: [limit] }, delete: { summary: "Gone" } } },
  });
  expect(spread).toEqual({
    openapi: "3.1.0",
    paths: { "/v1/jobs/{id}": { get: { summary: "One", parameters: [id, limit] }, delete: { summary: "Gone", parameters: [id] } } },
  });
});

test("a path without parameters stays as it is", () => {
  const paths = { "/live": { get: { summary: "Yes" } } };
  expect(spread_parameters({ paths })).toEqual({ paths });
});
