// SPDX-License-Identifier: Apache-2.0
import { Ellipsis, Eye, FileText, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link, useLocation } from "wouter";

import type { Job } from "../../api/client";
import { bytes, type Column, Menu, Progress, Table, Time } from "../../design";
import { DeleteDrawing } from "./delete_drawing";
import css from "./drawings.module.css";
import { phase_words, StatusBadge } from "./status_badge";
import { Thumbnail } from "./thumbnail";

function State({ job }: { job: Job }) {
  return (
    <div className={css["state"]}>
      <StatusBadge status={job.status} />
      {job.status === "PROCESSING" && (
        <>
          <Progress label={`${job.fileName}: ${phase_words(job.progress.phase)}`} value={job.progress.percent} />
          <span className={css["fine"]}>{phase_words(job.progress.phase)}</span>
        </>
      )}
      {job.status === "FAILED" && job.errorMsg && <span className={css["fine"]}>{job.errorMsg}</span>}
    </div>
  );
}

function Name({ job }: { job: Job }) {
  return (
    <div className={css["drawing"]}>
      <Link className={css["thumb"]} href={`/drawings/${job.id}`} tabIndex={-1} aria-hidden="true">
        <Thumbnail job={job} />
      </Link>
      <div className={css["names"]}>
        <Link className={css["name"]} href={`/drawings/${job.id}`}>
          {job.fileName}
        </Link>
        <span className={css["fine"]}>{job.format ? `${job.format}, ${bytes(job.fileSize)}` : bytes(job.fileSize)}</span>
      </div>
    </div>
  );
}

export function JobTable({ jobs }: { jobs: readonly Job[] }) {
  const [, go] = useLocation();
  const [deleting, set_deleting] = useState<Job>();
  const actions_of = (job: Job) => [
    { id: "open", label: "Details", icon: <FileText />, act: () => go(`/drawings/${job.id}`) },
    ...(job.status === "COMPLETED" ? [{ id: "view", label: "Open in the viewer", icon: <Eye />, act: () => go(`/drawings/${job.id}/view`) }] : []),
    { id: "delete", label: "Delete", icon: <Trash2 />, danger: true, act: () => set_deleting(job) },
  ];
  const columns: Column<Job>[] = [
    { name: "Drawing", lead: true, cell: (job) => <Name job={job} /> },
    { name: "Status", cell: (job) => <State job={job} /> },
    { name: "Sent", cell: (job) => <Time at={job.createdAt} /> },
    { name: "Deletion", cell: (job) => <Time at={job.expiresAt} /> },
    {
      name: "Actions",
      actions: true,
      cell: (job) => <Menu label={`Actions for ${job.fileName}`} trigger={<Ellipsis />} actions={actions_of(job)} />,
    },
  ];
  return (
    <>
      <Table label="Drawings" columns={columns} rows={jobs} id={(job) => job.id} />
      {deleting && <DeleteDrawing job={deleting} open onClose={() => set_deleting(undefined)} />}
    </>
  );
}
