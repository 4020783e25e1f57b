// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";

import type { Job } from "../../api/client";
import { Preview } from "./preview";
import css from "./preview.module.css";
import { usable } from "./preview_links";

// The pixels of a list's pictures, of which a page keeps the place while they are on their way.
const kWidth = 78;
const kHeight = 54;

// The small picture of a drawing in a list; where there is none, or it is not to be had, the large one.
export function Thumbnail({ job }: { job: Job }) {
  const [failed, set_failed] = useState(false);
  const shown = usable(`${job.id}/thumbnail`, job.thumbnailUrl, Date.now());
  if (!shown || failed) return <Preview job={job.id} url={job.imageUrl} alt="" lazy />;
  return <img className={css["picture"]} src={shown} alt="" width={kWidth} height={kHeight} loading="lazy" decoding="async" onError={() => set_failed(true)} />;
}
