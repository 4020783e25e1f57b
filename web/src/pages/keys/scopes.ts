// SPDX-License-Identifier: Apache-2.0
import type { Schemas } from "../../api/client";

export type Scope = Schemas["Scope"];

// A record, so that a scope that the API gets cannot be forgotten here.
const kMeaning: Record<Scope, string> = {
  parse: "Send drawings",
  "jobs:read": "See jobs, results and previews",
  "jobs:delete": "Delete jobs and what belongs to them",
  webhooks: "Manage webhook endpoints and their secrets",
  "usage:read": "See usage and activity",
};

export const kScopes = Object.entries(kMeaning) as [Scope, string][];

// What a key is for in most cases, and what the API gives one that names none.
export const kUsualScopes: Scope[] = ["parse", "jobs:read", "jobs:delete"];
