// SPDX-License-Identifier: Apache-2.0
// The jobs' part of the API as pages use it. openapi.yaml leaves what is in a result to result.schema.json; here it has its types.
import type { Client } from "openapi-fetch";

import { api, type Job, type Schemas } from "./client";
import type { Entity, ResultSummary } from "./result";

// To be removed when openapi.yaml has it, as are `q`, `format` and the path of the summary below: the server's change is under way.
export type DrawingJob = Job & {
  format: string | null;
  // Whether the original is still kept.
  uploadKept: boolean;
};

interface Paths {
  "/v1/jobs": {
    get: {
      parameters: { query?: { limit?: number; cursor?: string; status?: Schemas["Status"]; q?: string; format?: string } };
      responses: { 200: { content: { "application/json": { jobs: DrawingJob[]; nextCursor: string | null } } } };
    };
  };
  "/v1/jobs/{id}": {
    get: {
      parameters: { path: { id: string }; query?: { watch?: string } };
      responses: { 200: { content: { "application/json": DrawingJob } } };
    };
  };
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
