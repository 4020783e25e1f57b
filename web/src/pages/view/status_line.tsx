// SPDX-License-Identifier: Apache-2.0
import { Badge, number } from "../../design";
import { format_coordinate, format_number } from "../../viewer/format";
import type { ViewerState } from "../../viewer/state";
import css from "./view.module.css";

const kSnaps = { end: "end", middle: "middle", center: "center", intersection: "crossing", nearest: "on the line" } as const;

export function StatusLine({ state }: { state: ViewerState }) {
  const { camera, cursor, snap, scene, density, hover, busy, unit } = state;
  const at = snap ?? cursor;
  return (
    <footer className={css["status"]}>
      <span className={css["coordinates"]}>
        {at && camera ? `${format_coordinate(at.x, camera.scale)}, ${format_coordinate(at.y, camera.scale)}` : "–"}
        {snap && <em> {kSnaps[snap.kind]}</em>}
      </span>
      <span>{camera && `1 px = ${format_number(Number((density / camera.scale).toPrecision(4)))} ${unit}`}</span>
      <span className={css["wide-only"]}>{hover ? scene?.layers[hover.layer]?.name : scene && `${number(scene.entities)} ${scene.entities === 1 ? "entity" : "entities"} drawn`}</span>
      {scene?.truncated && <Badge tone="warn">Cut short by a limit</Badge>}
      <span className={css["progress"]} role="status">
        {busy && state.phase !== "failed" ? "Drawing …" : ""}
      </span>
    </footer>
  );
}
