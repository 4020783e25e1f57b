// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";

import type { Job } from "../../api/client";
import type { ResultSummary } from "../../api/result";
import { bytes, Card, CopyField, duration, number, Time } from "../../design";
import css from "./drawing.module.css";

export function FactList({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className={css["facts"]}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function format_of(job: Job, summary?: ResultSummary): string {
  const format = summary?.file.format ?? job.format;
  const version = summary?.metadata.dwgVersion ?? summary?.file.version;
  if (!format) return "Not known";
  return version ? `${format}, ${version}` : format;
}

export function Facts({ job, summary }: { job: Job; summary?: ResultSummary | undefined }) {
  const took = job.startedAt && job.completedAt ? new Date(job.completedAt).getTime() - new Date(job.startedAt).getTime() : undefined;
  const facts: [string, ReactNode][] = [
    ["Format", format_of(job, summary)],
    ["Size", <span title={`${number(job.fileSize)} bytes`}>{bytes(job.fileSize)}</span>],
    ["Sent", <Time at={job.createdAt} />],
    ...(job.completedAt ? ([["Ended", took === undefined ? <Time at={job.completedAt} /> : <>after {duration(took)}</>]] satisfies [string, ReactNode][]) : []),
    ["Original", job.uploadKept ? "Still kept" : "Deleted"],
    ["Deletion", <Time at={job.expiresAt} />],
  ];
  return (
    <Card title="File">
      <FactList facts={facts} />
      <div className={css["ids"]}>
        <Labeled name="SHA-256 of the file" value={job.sha256} />
        <Labeled name="Id of the job" value={job.id} />
      </div>
    </Card>
  );
}

function Labeled({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <p className={css["label"]}>{name}</p>
      <CopyField label={name} value={value} />
    </div>
  );
}
