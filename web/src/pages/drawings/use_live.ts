// SPDX-License-Identifier: Apache-2.0
import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";

import type { DrawingJob } from "../../api/drawings";
import { watch_job, type JobEvent } from "./watch_job";

type Pages = InfiniteData<{ jobs: DrawingJob[]; nextCursor: string | null }>;

const applied = (job: DrawingJob, { jobId, ...news }: JobEvent): DrawingJob => (job.id === jobId ? { ...job, ...news } : job);

function subscribe(listener: () => void) {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

// Keeps what is shown of these jobs up to date. Each holds one of the few connections that a browser opens to a server, so a
// tab that nobody sees holds none.
export function useLive(ids: readonly string[]) {
  const queries = useQueryClient();
  const seen = useSyncExternalStore(subscribe, () => document.visibilityState === "visible");
  const watched = seen ? ids.join(" ") : "";
  useEffect(() => {
    const stops = watched.split(" ").flatMap((id) => {
      if (!id) return [];
      return watch_job(id, {
        change: (event) => {
          queries.setQueryData<DrawingJob>(["jobs", "one", id], (job) => job && applied(job, event));
          queries.setQueriesData<Pages>(
            { queryKey: ["jobs", "list"] },
            (list) => list && { ...list, pages: list.pages.map((page) => ({ ...page, jobs: page.jobs.map((job) => applied(job, event)) })) },
          );
        },
        ask: () => {
          void queries.invalidateQueries({ queryKey: ["jobs", "one", id] });
          void queries.invalidateQueries({ queryKey: ["jobs", "list"] });
        },
      });
    });
    return () => stops.forEach((stop) => stop());
  }, [watched, queries]);
}
