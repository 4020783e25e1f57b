// SPDX-License-Identifier: Apache-2.0
// The jobs' part of the API as pages use it. openapi.yaml leaves what is in a result to result.schema.json; here it has its types.
import type { Client } from "openapi-fetch";

import { api } from "./client";
import type { Entity, ResultSummary } from "./result";

interface Paths {
  "/v1/jobs/{id}/summary": {
    get: {
      parameters: { path: { id: string } };
      responses: { 200: { content: { "application/json": ResultSummary } } };
    };
  };
  "/v1/jobs/{id}/entities": {
    get: {
      parameters: {
        path: { id: string };
        query?: { layer?: string; type?: string; sheet?: string; limit?: number; cursor?: string };
      };
      responses: { 200: { content: { "application/json": { jobId: string; entities: Entity[]; nextCursor: string | null } } } };
    };
  };
}

export const drawings_api = api as unknown as Client<Paths>;
