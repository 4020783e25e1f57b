// SPDX-License-Identifier: Apache-2.0
import { RotateCw, X } from "lucide-react";

import { ApiError } from "../../api/client";
import { bytes, Card, IconButton, Progress } from "../../design";
import type { Upload, Uploads } from "./uploads";
import css from "./uploads.module.css";

function words_of({ state, sent, file }: Upload): string {
  if (state === "waiting") return `${bytes(file.size)}, waits for the others`;
  return sent < file.size ? `${bytes(sent)} of ${bytes(file.size)}` : "Sent, being checked";
}

function why(error: unknown): string {
  if (!(error instanceof ApiError)) return "The file could not be sent. Try again.";
  return error.retryAfter === undefined ? error.message : `${error.message} Try again in ${error.retryAfter} s.`;
}

// What the server refuses for what the file is, it refuses again.
const may_help = (error: unknown) => !(error instanceof ApiError) || error.status === 0 || error.status === 401 || error.status === 429 || error.status >= 500;

function Row({ upload, uploads }: { upload: Upload; uploads: Uploads }) {
  const { id, file, state, sent, error } = upload;
  const failed = state === "failed";
  return (
    <li className={css["row"]}>
      <div className={css["what"]}>
        <span className={css["name"]}>{file.name}</span>
        {failed ? (
          <span className={css["bad"]} role="alert">
            {why(error)}
          </span>
        ) : (
          <>
            <Progress label={`Sending ${file.name}`} value={file.size > 0 ? (sent / file.size) * 100 : 100} />
            <span className={css["fine"]}>{words_of(upload)}</span>
          </>
        )}
      </div>
      {failed && may_help(error) && (
        <IconButton label={`Send ${file.name} again`} onPress={() => uploads.retry(id)}>
          <RotateCw />
        </IconButton>
      )}
      <IconButton label={failed ? `Dismiss ${file.name}` : `Cancel ${file.name}`} onPress={() => uploads.remove(id)}>
        <X />
      </IconButton>
    </li>
  );
}

export function UploadList({ list, uploads }: { list: readonly Upload[]; uploads: Uploads }) {
  const under_way = list.filter(({ state }) => state !== "failed").length;
  return (
    <>
      <p className="visually-hidden" role="status">
        {under_way > 0 ? `${under_way} ${under_way === 1 ? "file is" : "files are"} being sent.` : ""}
      </p>
      {list.length > 0 && (
        <Card title="Uploads" flush>
          <ul className={css["list"]}>
            {list.map((upload) => (
              <Row key={upload.id} upload={upload} uploads={uploads} />
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}
