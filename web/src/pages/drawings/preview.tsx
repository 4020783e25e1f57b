// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from "@tanstack/react-query";
import { FileImage } from "lucide-react";
import { useState } from "react";

import { job_images } from "./job_queries";
import css from "./preview.module.css";
import { image_of, usable } from "./preview_links";

// The picture of a sheet, or of the first sheet that has one. A link that is refused is asked for once more.
export function Preview({ job, sheet, url, alt, lazy = false }: { job: string; sheet?: number; url: string | null; alt: string; lazy?: boolean }) {
  const queries = useQueryClient();
  const [state, set_state] = useState<"first" | "renewed" | "none">("first");
  const [renewed, set_renewed] = useState<string>();
  const picture = `${job}/${sheet ?? "first"}`;
  const shown = state === "renewed" ? renewed : usable(picture, url, Date.now());
  const renew = async () => {
    if (state !== "first") return set_state("none");
    try {
      const fresh = image_of(await queries.fetchQuery({ ...job_images(job), staleTime: 0 }), sheet);
      set_renewed(usable(picture, fresh, Infinity));
      set_state("renewed");
    } catch {
      set_state("none");
    }
  };
  if (!shown || state === "none")
    return (
      <span className={css["none"]} {...(alt ? { role: "img", "aria-label": `${alt}: there is no preview` } : { "aria-hidden": true })}>
        <FileImage aria-hidden="true" />
      </span>
    );
  return <img className={css["picture"]} src={shown} alt={alt} loading={lazy ? "lazy" : "eager"} decoding="async" onError={() => void renew()} />;
}
