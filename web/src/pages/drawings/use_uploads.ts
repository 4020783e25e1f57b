// SPDX-License-Identifier: Apache-2.0
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";

import { useUser } from "../../session/session";
import { send_file } from "./send_file";
import { Uploads } from "./uploads";

const warn = (event: BeforeUnloadEvent) => event.preventDefault();

function make_uploads(queries: QueryClient): Uploads {
  const uploads = new Uploads(send_file, () => void queries.invalidateQueries({ queryKey: ["jobs", "list"] }));
  uploads.subscribe(() => {
    if (uploads.list().some(({ state }) => state !== "failed")) window.addEventListener("beforeunload", warn);
    else window.removeEventListener("beforeunload", warn);
  });
  return uploads;
}

let kept: { user: string; uploads: Uploads } | undefined;

// The uploads of who is signed in. Those of another person are not shown, and not gone on with.
export function useUploads() {
  const user = useUser();
  const queries = useQueryClient();
  if (kept?.user !== user.id) {
    kept?.uploads.remove_all();
    kept = { user: user.id, uploads: make_uploads(queries) };
  }
  const { uploads } = kept;
  return { uploads, list: useSyncExternalStore(uploads.subscribe, uploads.list) };
}
