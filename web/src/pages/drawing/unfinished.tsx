// SPDX-License-Identifier: Apache-2.0
// A drawing that is not read yet, and one that could not be.
import { CircleAlert } from "lucide-react";

import type { Job } from "../../api/client";
import { Card, LinkButton, Progress } from "../../design";
import { phase_words } from "../drawings/status_badge";
import css from "./drawing.module.css";
import { advice_for } from "./failure_advice";

export function Running({ job }: { job: Job }) {
  const { percent, phase } = job.progress;
  const waits = job.status === "PENDING";
  return (
    <Card title={waits ? "Waiting" : "Being read"}>
      <div className={css["running"]}>
        <div className={css["phase"]} role="status">
          <span>{phase_words(phase)}</span>
          {!waits && <span>{percent}%</span>}
        </div>
        <Progress label={`Progress of ${job.fileName}`} value={waits ? undefined : percent} />
        <p className={css["fine"]}>This page follows it by itself. It goes on when you leave.</p>
      </div>
    </Card>
  );
}

export function Failed({ job }: { job: Job }) {
  const { todo, counted } = advice_for(job.errorCode);
  return (
    <Card title="This drawing could not be read">
      <div className={css["failed"]}>
        <p className={css["reason"]}>
          <CircleAlert aria-hidden="true" />
          <span>{job.errorMsg ?? "The server gave no reason."}</span>
        </p>
        <h3>What to do</h3>
        <p>{todo}</p>
        {!counted && <p>It does not count against your plan.</p>}
        <div className={css["row"]}>
          <LinkButton kind="primary" href="/drawings">
            Send another file
          </LinkButton>
          {job.errorCode && <code>{job.errorCode}</code>}
        </div>
      </div>
    </Card>
  );
}
