// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";

import type { Job } from "../../api/client";
import type { Sheet } from "../../api/result";
import { Card, number } from "../../design";
import { job_images } from "../drawings/job_queries";
import { Preview } from "../drawings/preview";
import { image_of } from "../drawings/preview_links";
import { view_of } from "../view/deep_link";
import css from "./sheets.module.css";

const count = (value: number, one: string, many: string) => `${number(value)} ${value === 1 ? one : many}`;

export function Sheets({ job, sheets, at, onChoose }: { job: Job; sheets: Sheet[]; at: number; onChoose: (at: number) => void }) {
  const { data: images, isPending } = useQuery(job_images(job.id));
  const sheet = sheets[at];
  if (!sheet) return null;
  const picture_of = ({ index }: Sheet) => !isPending && <Preview key={index} job={job.id} sheet={index} url={images ? image_of(images, index) : null} alt="" lazy />;
  return (
    <Card title={sheets.length === 1 ? sheet.name : `${count(sheets.length, "sheet", "sheets")}`} flush>
      <Link className={css["large"]} href={view_of(job.id, sheet.index)} aria-label={`Open ${sheet.name} in the viewer`}>
        {picture_of(sheet)}
      </Link>
      <p className={css["words"]}>
        <strong>{sheet.name}</strong>
        <span>
          {count(sheet.entityCount, "entity", "entities")}, {count(sheet.layerCount, "layer", "layers")}
        </span>
      </p>
      {sheets.length > 1 && (
        <ul className={css["strip"]} aria-label="Sheets">
          {sheets.map((one, index) => (
            <li key={one.key}>
              <button type="button" className={css["sheet"]} aria-pressed={index === at} onClick={() => onChoose(index)}>
                <span className={css["small"]}>{picture_of(one)}</span>
                <span className={css["name"]}>{one.name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
