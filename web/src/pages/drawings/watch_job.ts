// SPDX-License-Identifier: Apache-2.0
// One job's server-sent events, until its end.
import type { Job } from "../../api/client";

export type JobEvent = Pick<Job, "status" | "progress" | "errorCode" | "errorMsg"> & { jobId: string };

export interface Watcher {
  change: (event: JobEvent) => void;
  // The job has ended or been deleted, or the stream was refused: only asking for the job tells which.
  ask: () => void;
}

const kFirstPause = 2_000;
const kLongestPause = 30_000;

export function watch_job(id: string, { change, ask }: Watcher): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = kFirstPause;

  const open = () => {
    source = new EventSource(`/v1/jobs/${id}/events`);
    source.onopen = () => (pause = kFirstPause);
    const tell = ({ data }: MessageEvent<string>) => change(JSON.parse(data) as JobEvent);
    // Opened again only if nobody stops watching: if the answer to what is asked did not come through.
    const over = () => {
      source.close();
      ask();
      timer = setTimeout(open, pause);
      pause = Math.min(2 * pause, kLongestPause);
    };
    for (const name of ["pending", "progress"]) source.addEventListener(name, tell);
    for (const name of ["completed", "failed", "deleted"]) source.addEventListener(name, over);
    source.onerror = () => {
      // What merely broke off comes back by itself; what was refused does not, as with a session that is over.
      if (source.readyState === EventSource.CLOSED) over();
    };
  };

  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
