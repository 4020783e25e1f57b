// SPDX-License-Identifier: Apache-2.0
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { type ApiKey, api, data } from "../../api/client";

export const keys_query = queryOptions({
  queryKey: ["keys"],
  queryFn: async () => (await data(api.GET("/v1/keys"))).keys as ApiKey[],
});

export const refresh_keys = (queries: QueryClient) => queries.invalidateQueries({ queryKey: keys_query.queryKey });

export async function revoke(queries: QueryClient, key: ApiKey) {
  await api.DELETE("/v1/keys/{id}", { params: { path: { id: key.id } } });
  await refresh_keys(queries);
}
