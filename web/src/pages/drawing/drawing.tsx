// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { Eye, FileX2, Trash2 } from "lucide-react";
import { useState } from "react";
import { useLocation, useParams } from "wouter";

import { ApiError, type Job } from "../../api/client";
import { Button, bytes, Card, Empty, Failure, LinkButton, Loading, Page, Time } from "../../design";
import { DeleteDrawing } from "../drawings/delete_drawing";
import { is_over, one_job } from "../drawings/job_queries";
import { Live } from "../drawings/live";
import { StatusBadge } from "../drawings/status_badge";
import { useMinute } from "../drawings/use_minute";
import { Completed } from "./completed";
import { Facts } from "./facts";
import css from "./drawing.module.css";
import { Failed, Running } from "./unfinished";

const is_gone = (error: unknown) => error instanceof ApiError && error.status === 404;

function Gone() {
  return (
    <Page title="Drawing not found">
      <Card>
        <Empty icon={<FileX2 />} title="This drawing is not here" action={<LinkButton href="/drawings">All drawings</LinkButton>}>
          It was deleted, by somebody or because its time was over, or it belongs to another account.
        </Empty>
      </Card>
    </Page>
  );
}

export function Drawing() {
  const { id } = useParams<{ id: string }>();
  const query = useQuery(one_job(id));
  const job = query.data;
  useMinute();
  if (is_gone(query.error)) return <Gone />;
  if (!job)
    return (
      <Page title="Drawing">
        {query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Loading label="Looking for the drawing" />}
      </Page>
    );
  return <Known key={id} job={job} error={query.error} retry={() => void query.refetch()} />;
}

function Known({ job, error, retry }: { job: Job; error: Error | null; retry: () => void }) {
  const [, go] = useLocation();
  const [deleting, set_deleting] = useState(false);
  return (
    <Page
      title={job.fileName}
      lead={
        <>
          <StatusBadge status={job.status} /> {job.format && `${job.format}, `}
          {bytes(job.fileSize)}, sent <Time at={job.createdAt} />
        </>
      }
      wide
      actions={
        <>
          {job.status === "COMPLETED" && (
            <LinkButton kind="primary" href={`/drawings/${job.id}/view`}>
              <Eye aria-hidden="true" />
              Open in the viewer
            </LinkButton>
          )}
          <Button onPress={() => set_deleting(true)}>
            <Trash2 aria-hidden="true" />
            Delete
          </Button>
        </>
      }
    >
      {!is_over(job) && <Live id={job.id} />}
      {error && <Failure error={error} retry={retry} />}
      {job.status === "COMPLETED" ? (
        <Completed job={job} />
      ) : (
        <div className={css["two"]}>
          {job.status === "FAILED" ? <Failed job={job} /> : <Running job={job} />}
          <Facts job={job} />
        </div>
      )}
      <DeleteDrawing job={job} open={deleting} onClose={() => set_deleting(false)} onDeleted={() => go("/drawings")} />
    </Page>
  );
}
