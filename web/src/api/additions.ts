// SPDX-License-Identifier: Apache-2.0
// What the service is getting beside schema/openapi.yaml. To be removed, with the types below taken from `Schemas`, when the schema has it.
import type { Schemas } from "./client";

type Answer<Status extends number, Body> = { [status in Status]: { headers: { [name: string]: unknown }; content: { "application/json": Body } } };
interface ById {
  query?: never;
  header?: never;
  path: { id: string };
  cookie?: never;
}
interface Nothing {
  query?: never;
  header?: never;
  path?: never;
  cookie?: never;
}

declare module "./schema" {
  interface paths {
    "/v1/auth/options": { get: { parameters: Nothing; responses: Answer<200, AuthOptions> } };
    "/v1/auth/one-time": {
      post: {
        parameters: Nothing;
        requestBody: { content: { "application/json": { token: string; cookies?: boolean } } };
        responses: Answer<200, Schemas["Session"]>;
      };
    };
    "/v1/auth/set-up": {
      post: {
        parameters: Nothing;
        requestBody: { content: { "application/json": { email: string; password: string } } };
        responses: { 204: { headers: { [name: string]: unknown }; content?: never } };
      };
    };
    "/v1/me/webhooks/{id}/test": { post: { parameters: ById; responses: Answer<202, { deliveryId: string }> } };
    "/v1/me/webhooks/deliveries": {
      get: {
        parameters: { query?: { limit?: number; cursor?: string; webhookId?: string; state?: DeliveryState }; header?: never; path?: never; cookie?: never };
        responses: Answer<200, { deliveries: Delivery[]; nextCursor: string | null }>;
      };
    };
    "/v1/me/webhooks/deliveries/{id}": { get: { parameters: ById; responses: Answer<200, Delivery & { payload: string | null }> } };
    "/v1/me/webhooks/deliveries/{id}/resend": { post: { parameters: ById; responses: Answer<202, { deliveryId: string }> } };
  }
}

export interface AuthOptions {
  registration: "closed" | "invite" | "open";
  providers: string[];
  mail: boolean;
}

export type DeliveryState = "pending" | "delivered" | "failed";

export interface Delivery {
  id: string;
  webhookId: string | null;
  url: string | null;
  event: string;
  jobId: string | null;
  eventId: string;
  sequence: number;
  state: DeliveryState;
  attempts: number;
  lastStatus: number | null;
  lastError: string | null;
  createdAt: string;
  nextTryAt: string | null;
  deliveredAt: string | null;
}

export type UsageDay = Schemas["Usage"]["byDay"][number] & { completed: number; failed: number };
export type Usage = Omit<Schemas["Usage"], "byDay"> & {
  byDay: UsageDay[];
  byFormat: { format: string; requests: number }[];
  outcomes: { completed: number; failed: number; latencyMs: { p50: number; p95: number } | null };
};

// `email` null: came by the owner's link, and has chosen none yet.
export type User = Omit<Schemas["User"], "email" | "primaryProvider"> & { email: string | null; primaryProvider: Schemas["User"]["primaryProvider"] | "link" };

export type ApiKey = Schemas["ApiKey"] & { replaces: string | null; replacedBy: string | null; revokesAt: string | null };
