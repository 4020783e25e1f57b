// SPDX-License-Identifier: Apache-2.0
import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";

import type { Job } from "../../api/client";
import { type JobEvent, watch_job } from "./watch_job";

type Pages = InfiniteData<{ jobs: Job[]; nextCursor: string | null }>;

const applied = (job: Job, { jobId, ...news }: JobEvent): Job => (job.id === jobId ? { ...job, ...news } : job);

function subscribe(listener: () => void) {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

// Keeps what is shown of a job up to date. It holds one of the few connections that a browser opens to a server, so in a tab that
// nobody sees it lets go.
export function Live({ id }: { id: string }) {
  const queries = useQueryClient();
  const seen = useSyncExternalStore(subscribe, () => document.visibilityState === "visible");
  useEffect(() => {
    if (!seen) return;
    return watch_job(id, {
      change: (event) => {
        queries.setQueryData<Job>(["jobs", "one", id], (job) => job && applied(job, event));
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
  }, [id, seen, queries]);
  return null;
}
