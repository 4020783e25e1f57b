// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from "@tanstack/react-query";

import { api, data, type Schemas } from "../../api/client";

export type Webhook = Schemas["Webhook"];

export const webhooks_query = queryOptions({
  queryKey: ["webhooks"],
  queryFn: async () => (await data(api.GET("/v1/me/webhooks"))).webhooks,
});

export const kDeliveries = ["deliveries"];
// What is under way is watched, and nothing else asked for again and again.
export const kWatchMs = 3000;

export const change = (id: string, body: { url?: string; isActive?: boolean; setAsDefault?: boolean }) => api.PATCH("/v1/me/webhooks/{id}", { params: { path: { id } }, body });
