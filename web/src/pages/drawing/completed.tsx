// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";

import type { Job } from "../../api/client";
import type { ResultSummary } from "../../api/result";
import { Failure, Loading, Notice } from "../../design";
import { Downloads } from "./downloads";
import css from "./drawing.module.css";
import { Entities } from "./entities";
import { type EntityFilters, no_filters, result_summary } from "./entity_queries";
import { Facts } from "./facts";
import { Layers } from "./layers";
import { Numbers } from "./numbers";
import { Sheets } from "./sheets";
import { Warnings } from "./warnings";

export function Completed({ job }: { job: Job }) {
  const query = useQuery(result_summary(job.id));
  if (!query.data)
    return (
      <div className={css["two"]}>
        {query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Loading label="Getting what was read" />}
        <Facts job={job} />
      </div>
    );
  return <Read job={job} summary={query.data} />;
}

function Read({ job, summary }: { job: Job; summary: ResultSummary }) {
  const [at, set_at] = useState(0);
  const [filters, set_filters] = useState<EntityFilters>(no_filters);
  const entities = useRef<HTMLDivElement>(null);
  const sheet = summary.sheets[at];
  const show_layer = (layer: string) => {
    set_filters({ layer, type: "", sheet: sheet?.key ?? "" });
    entities.current?.scrollIntoView();
  };
  return (
    <>
      {summary.summary.truncated && (
        <Notice tone="warn">The drawing holds more than is read of one drawing. What is here is right; every count and sum is of that part only.</Notice>
      )}
      <div className={css["two"]}>
        <Sheets job={job} sheets={summary.sheets} at={at} onChoose={set_at} />
        <div className={css["side"]}>
          <Downloads job={job} sheet={sheet} />
          <Facts job={job} summary={summary} />
        </div>
      </div>
      <Warnings info={summary.parseInfo} />
      <div className={css["halves"]}>
        <Numbers summary={summary} />
        {sheet && <Layers key={sheet.key} sheet={sheet} onShow={show_layer} />}
      </div>
      <div ref={entities} className={css["anchor"]}>
        <Entities job={job.id} summary={summary} filters={filters} onFilters={set_filters} />
      </div>
    </>
  );
}
