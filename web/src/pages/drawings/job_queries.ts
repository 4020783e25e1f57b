// SPDX-License-Identifier: Apache-2.0
// What is asked of the server about jobs. Every key begins with "jobs".
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import type { Job } from "../../api/client";
import { drawings_api } from "../../api/drawings";
import { api, data, type Schemas } from "../../api/client";

export type Status = Schemas["Status"];

export interface Filters {
  q: string;
  status: Status | "";
  format: string;
}

const kPage = 25;

// A server on this machine answers when the device is offline, too: so every query is sent.
const always = { networkMode: "always" as const };

export const is_over = (job: Pick<Job, "status">) => job.status === "COMPLETED" || job.status === "FAILED";

export const job_list = ({ q, status, format }: Filters) =>
  infiniteQueryOptions({
    ...always,
    queryKey: ["jobs", "list", { q, status, format }],
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET("/v1/jobs", {
          signal,
          params: { query: { limit: kPage, ...(pageParam && { cursor: pageParam }), ...(q && { q }), ...(status && { status }), ...(format && { format }) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (before) => before,
  });

export const one_job = (id: string) =>
  queryOptions({
    ...always,
    queryKey: ["jobs", "one", id],
    // Whoever looks at the page needs no mail when the job ends.
    queryFn: ({ signal }) => data(api.GET("/v1/jobs/{id}", { signal, params: { path: { id }, query: { watch: "1" } } })),
  });

export const job_images = (id: string) =>
  queryOptions({
    ...always,
    queryKey: ["jobs", "images", id],
    queryFn: ({ signal }) => data(api.GET("/v1/jobs/{id}/image", { signal, params: { path: { id } } })),
    // The links are good for an hour.
    staleTime: 50 * 60_000,
  });

export const formats = queryOptions({
  ...always,
  queryKey: ["formats"],
  queryFn: async ({ signal }) => (await data(api.GET("/v1/formats", { signal }))).formats,
  staleTime: Infinity,
});
