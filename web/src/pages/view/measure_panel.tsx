// SPDX-License-Identifier: Apache-2.0
import { Plus, Trash2 } from "lucide-react";
import { useEffect, useState } from "react";

import { Button, IconButton, TextField } from "../../design";
import { format_area_of, format_length, format_number } from "../../viewer/format";
import { angle_of, length_of, perimeter_of, type Point } from "../../viewer/measure";
import type { ViewerState } from "../../viewer/state";
import type { Viewer } from "../../viewer/viewer";
import { Panel } from "./panel";
import css from "./view.module.css";

// Sixteen digits of a point that was clicked say no more than these, and hide their end in the field.
const kDigits = 12;
const shown = (value: number) => String(Number(value.toPrecision(kDigits)));

// A coordinate that is taken over as soon as it is a number.
function Coordinate({ label, value, onChange }: { label: string; value: number; onChange: (value: number) => void }) {
  const [text, set_text] = useState(shown(value));
  useEffect(() => set_text((before) => (Number(before) === value && before.trim() !== "" ? before : shown(value))), [value]);
  const number = Number(text);
  const is_number = text.trim() !== "" && Number.isFinite(number);
  return (
    <TextField
      label={label}
      value={text}
      errors={is_number ? undefined : ["A number"]}
      onChange={(now) => {
        set_text(now);
        if (now.trim() !== "" && Number.isFinite(Number(now))) onChange(Number(now));
      }}
    />
  );
}

function Facts({ points, is_area, unit }: { points: readonly Point[]; is_area: boolean; unit: string }) {
  const [first, second] = points;
  if (points.length < 2) return <p className={css["note"]}>Click {points.length === 0 ? "the first point" : "the next point"} in the drawing. Ends, middles, centers and crossings are caught.</p>;
  const facts: [string, string][] = is_area
    ? [
        ["Area", format_area_of(points, unit)],
        ["Perimeter", format_length(perimeter_of(points), unit)],
      ]
    : [["Distance", format_length(length_of(points), unit)]];
  if (!is_area && points.length === 2)
    facts.push(["Δx", format_number(second!.x - first!.x)], ["Δy", format_number(second!.y - first!.y)], ["Angle", `${format_number(angle_of(first!, second!))}°`]);
  return (
    <dl className={css["fields"]} aria-live="polite">
      {facts.map(([name, value]) => (
        <div key={name} className={css["field"]}>
          <dt>{name}</dt>
          <dd className={css["number"]}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function MeasurePanel({ viewer, state }: { viewer: Viewer; state: ViewerState }) {
  const { points, tool, camera, unit } = state;
  const move = (index: number, change: Partial<Point>) => viewer.hand.set_points(points.map((point, i) => (i === index ? { ...point, ...change } : point)));
  return (
    <Panel title={tool === "area" ? "Area" : "Distance"} low onClose={() => viewer.hand.take("select")}>
      <div className={css["panel-top"]}>
        <Facts points={points} is_area={tool === "area"} unit={unit} />
      </div>
      <div className={css["scroll"]}>
        <ol className={css["points"]}>
          {points.map((point, i) => (
            <li key={i} className={css["point"]}>
              <Coordinate label={`X ${i + 1}`} value={point.x} onChange={(x) => move(i, { x })} />
              <Coordinate label={`Y ${i + 1}`} value={point.y} onChange={(y) => move(i, { y })} />
              <IconButton label={`Remove point ${i + 1}`} onPress={() => viewer.hand.set_points(points.filter((_, other) => other !== i))}>
                <Trash2 />
              </IconButton>
            </li>
          ))}
        </ol>
        <div className={css["row"]}>
          <Button small disabled={!camera} onPress={() => viewer.hand.set_points([...points, { x: camera!.x, y: camera!.y }])}>
            <Plus aria-hidden="true" />
            Add a point
          </Button>
          <Button small kind="quiet" disabled={points.length === 0} onPress={() => viewer.hand.set_points([])}>
            Start over
          </Button>
        </div>
      </div>
    </Panel>
  );
}
