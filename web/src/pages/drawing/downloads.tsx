// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";

import type { Job } from "../../api/client";
import type { Sheet } from "../../api/result";
import { Button, Card, Failure } from "../../design";
import { job_images, one_job } from "../drawings/job_queries";
import { image_of, on_this_server } from "../drawings/preview_links";
import css from "./drawing.module.css";

// The browser's own download: a result of gigabytes never lies in the page's memory.
function save(link: string, name: string) {
  const anchor = document.createElement("a");
  anchor.href = link;
  anchor.download = name;
  anchor.click();
}

// The server deletes the original when the result has arrived; nothing says so when that is.
const kLookAgain = [2_000, 10_000, 60_000];

export function Downloads({ job, sheet }: { job: Job; sheet: Sheet | undefined }) {
  const queries = useQueryClient();
  const [error, set_error] = useState<unknown>();
  const images = useQuery(job_images(job.id)).data;
  const stem = job.fileName.replace(/\.[^.]*$/, "");

  // At once or not at all: whoever has pressed a button waits for no second try.
  const fresh = { staleTime: 0, retry: false };
  // Asking for the job first renews the session, and shows an error here rather than as a saved file.
  const take = async (act: (now: Job) => void | Promise<void>) => {
    set_error(undefined);
    try {
      await act(await queries.fetchQuery({ ...one_job(job.id), ...fresh }));
    } catch (thrown) {
      set_error(thrown);
    }
  };
  const take_result = () => {
    save(`/v1/jobs/${job.id}/result`, `${stem}.json`);
    for (const pause of kLookAgain) setTimeout(() => void queries.invalidateQueries({ queryKey: one_job(job.id).queryKey }), pause);
  };
  const take_picture = async ({ index, key }: Sheet) => {
    const link = image_of(await queries.fetchQuery({ ...job_images(job.id), ...fresh }), index);
    if (link) save(on_this_server(link), `${stem}-${key}.png`);
  };
  const take_original = (now: Job) => {
    if (now.uploadKept) save(`/v1/jobs/${job.id}/upload`, job.fileName);
  };

  return (
    <Card title="Downloads">
      <div className={css["downloads"]}>
        <Row label="Result (JSON)" note={job.uploadKept ? "Once it has arrived whole, the original is deleted from the server." : "Every sheet, layer and entity."} act={() => void take(take_result)} />
        {sheet && images && image_of(images, sheet.index) && <Row label={`Preview of ${sheet.name} (PNG)`} act={() => void take(() => take_picture(sheet))} />}
        {job.uploadKept ? (
          <Row label="Original" note="As it was sent." act={() => void take(take_original)} />
        ) : (
          <p className={css["fine"]}>The original has been deleted: it is kept until the result is taken, or until its time is over.</p>
        )}
        {error !== undefined && <Failure error={error} />}
      </div>
    </Card>
  );
}

function Row({ label, note, act }: { label: string; note?: string; act: () => void }) {
  return (
    <div className={css["download"]}>
      <Button onPress={act}>
        <Download aria-hidden="true" />
        {label}
      </Button>
      {note && <p className={css["fine"]}>{note}</p>}
    </div>
  );
}
