// SPDX-License-Identifier: Apache-2.0
// Of the result, what can be had without taking it: whoever takes the whole result has the original deleted.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { drawings_api } from "../../api/drawings";
import { data } from "../../api/client";

export interface EntityFilters {
  layer: string;
  type: string;
  // A sheet's key.
  sheet: string;
}

export const no_filters: EntityFilters = { layer: "", type: "", sheet: "" };

const kPage = 200;
// A result never changes.
const kept = { networkMode: "always" as const, staleTime: Infinity };

export const result_summary = (id: string) =>
  queryOptions({
    ...kept,
    queryKey: ["jobs", "summary", id],
    queryFn: ({ signal }) => data(drawings_api.GET("/v1/jobs/{id}/summary", { signal, params: { path: { id } } })),
  });

export const entity_pages = (id: string, { layer, type, sheet }: EntityFilters) =>
  infiniteQueryOptions({
    ...kept,
    queryKey: ["jobs", "entities", id, { layer, type, sheet }],
    queryFn: ({ pageParam, signal }) =>
      data(
        drawings_api.GET("/v1/jobs/{id}/entities", {
          signal,
          params: {
            path: { id },
            query: { limit: kPage, ...(pageParam && { cursor: pageParam }), ...(layer && { layer }), ...(type && { type }), ...(sheet && { sheet }) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // Of a large drawing they are many megabytes.
    gcTime: 60_000,
  });
