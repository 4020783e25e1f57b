// SPDX-License-Identifier: Apache-2.0
import { Crosshair, MousePointerClick } from "lucide-react";

import { Badge, Button, Empty, Failure, Loading } from "../../design";
import { format_number } from "../../viewer/format";
import { kNone } from "../../viewer/scene/format";
import type { ViewerState } from "../../viewer/state";
import type { Viewer } from "../../viewer/viewer";
import { degrees, is_angle } from "../drawing/geometry_words";
import { Panel } from "./panel";
import { type Entity, useEntity } from "./queries";
import css from "./view.module.css";

const kMostItems = 50;
// Told by the panel's head, or empty for most.
const kTold = new Set(["id", "type", "layer", "handle"]);

const kNames: Record<string, string> = { bbox: "Box" };
// "patternName" as a person reads it.
const words_of = (name: string) => kNames[name] ?? name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase().replace(/^./, (first) => first.toUpperCase());

const is_empty = (value: unknown): boolean => value === null || value === undefined || (typeof value === "object" && Object.values(value).every(is_empty));

// What is said in a line: a point, with whatever else a vertex has; a box.
function line_of(value: object): string | undefined {
  const { x, y, z, minX, minY, maxX, maxY, ...rest } = value as Record<string, unknown>;
  const others = Object.entries(rest);
  if (typeof x === "number" && typeof y === "number" && others.every(([, other]) => typeof other !== "object"))
    return [[x, y, ...(typeof z === "number" ? [z] : [])].map(format_number).join(", "), ...others.map(([name, other]) => `${words_of(name).toLowerCase()} ${typeof other === "number" ? format_number(other) : String(other)}`)].join(" · ");
  const corners = [minX, minY, maxX, maxY];
  if (others.length > 0 || !corners.every((corner) => typeof corner === "number")) return undefined;
  const [left, low, right, high] = corners.map(format_number);
  return `${left}, ${low} to ${right}, ${high}`;
}
const is_wide = (value: unknown) => typeof value === "object" && value !== null && line_of(value) === undefined;

const kLineweights: Record<number, string> = { [-3]: "by block", [-2]: "by layer", [-1]: "default" };
const kColors: Record<number, string> = { 0: "by block", 256: "by layer" };

const kDegrees = /^(rotation|oblique|angle|twist|patternAngle)$/;

// Numbers that stand for something else. Angles are in degrees, but for those of arcs and of what dimensions measure.
function meant(name: string, value: unknown, kind: unknown): unknown {
  if (typeof value !== "number") return value;
  if (name === "startAngle" || name === "endAngle" || (name === "measurement" && is_angle(kind))) return degrees(value);
  if (kDegrees.test(name)) return `${format_number(value)}°`;
  if (name === "lineweight") return kLineweights[value] ?? `${value / 100} mm`;
  if (name === "colorIndex") return kColors[value] ?? value;
  return value;
}

function Value({ of: value }: { of: unknown }) {
  if (typeof value === "number") return <span className={css["number"]}>{format_number(value)}</span>;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "object" || value === null) return <>{String(value)}</>;
  if (Array.isArray(value)) return <Items of={value} />;
  const line = line_of(value);
  if (line !== undefined) return <span className={css["number"]}>{line}</span>;
  return <Fields of={value as Record<string, unknown>} />;
}

function Items({ of: items }: { of: unknown[] }) {
  return (
    <ol className={css["items"]}>
      {items.slice(0, kMostItems).map((item, i) => (
        <li key={i}>
          <Value of={item} />
        </li>
      ))}
      {items.length > kMostItems && <li className={css["note"]}>and {items.length - kMostItems} more</li>}
    </ol>
  );
}

function Fields({ of: fields }: { of: Record<string, unknown> }) {
  return (
    <dl className={css["fields"]}>
      {Object.entries(fields)
        .filter(([, value]) => !is_empty(value))
        .map(([name, value]) => (
          <div key={name} className={is_wide(value) ? css["field-wide"] : css["field"]}>
            <dt>{words_of(name)}</dt>
            <dd>
              <Value of={meant(name, value, fields["kind"])} />
            </dd>
          </div>
        ))}
    </dl>
  );
}

function Properties({ of: entity }: { of: Entity }) {
  return <Fields of={Object.fromEntries(Object.entries(entity).filter(([name]) => !kTold.has(name)))} />;
}

export function PropertiesPanel({ job, sheet, viewer, state, onClose }: { job: string; sheet: number; viewer: Viewer; state: ViewerState; onClose: () => void }) {
  const { selected, scene } = state;
  const { data: entity, error, isFetching, refetch } = useEntity(job, sheet, selected);
  if (!selected)
    return (
      <Panel title="Properties" onClose={onClose}>
        <Empty icon={<MousePointerClick />} title="Nothing selected">
          Click something in the drawing, or press Enter to select what is in its middle.
        </Empty>
      </Panel>
    );
  return (
    <Panel title="Properties" onClose={onClose}>
      <div className={css["panel-top"]}>
        <div className={css["row"]}>
          <Badge tone="accent">{entity?.type ?? "Entity"}</Badge>
          {selected.handle !== "0" && <code>{selected.handle}</code>}
          <span className={css["soft"]}>{entity?.layer ?? scene?.layers[selected.layer]?.name}</span>
        </div>
        <div className={css["row"]}>
          <Button small onPress={() => viewer.zoom_to(selected.box)}>
            <Crosshair aria-hidden="true" />
            Zoom to it
          </Button>
          <Button small kind="quiet" onPress={() => viewer.hand.select(undefined)}>
            Deselect
          </Button>
        </div>
      </div>
      <div className={css["scroll"]} tabIndex={0} role="group" aria-label="Values">
        {isFetching && <Loading label="Reading its values" />}
        {error && !isFetching && <Failure error={error} retry={() => void refetch()} />}
        {entity && <Properties of={entity} />}
        {!isFetching && !error && !entity && (
          <p className={css["note"]}>{selected.index === kNone ? "This belongs to the sheet, not to an entity of the result." : "The result does not list this entity."}</p>
        )}
      </div>
    </Panel>
  );
}
