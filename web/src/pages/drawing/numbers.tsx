// SPDX-License-Identifier: Apache-2.0
import { type ReactNode, useState } from "react";

import type { ResultSummary, SizedBox, Units } from "../../api/result";
import { Button, Card, number } from "../../design";
import css from "./drawing.module.css";
import { FactList } from "./facts";
import { measure } from "./geometry_words";

const unit_words: Record<Units, string> = { mm: "Millimeters", cm: "Centimeters", m: "Meters", inch: "Inches", feet: "Feet", unknown: "The drawing does not say" };
const unit_signs: Record<Units, string> = { mm: " mm", cm: " cm", m: " m", inch: " in", feet: " ft", unknown: "" };

const kShown = 8;

function extents({ width, height, minX, minY }: SizedBox, units: Units): ReactNode {
  if (width === null || height === null || minX === null || minY === null) return "Nothing is drawn";
  return (
    <>
      {measure(width)} × {measure(height)}
      {unit_signs[units]}
      <span className={css["fine"]}>
        {" "}
        from ({measure(minX)}, {measure(minY)})
      </span>
    </>
  );
}

export function Numbers({ summary: { summary, metadata, file, parseInfo } }: { summary: ResultSummary }) {
  const facts: [string, ReactNode][] = [
    ["Extents", extents(summary.boundingBox, file.units)],
    ["Units", unit_words[file.units]],
    ["Entities", number(summary.totalEntities)],
    ["Layers", number(summary.totalLayers)],
    ["Sheets", number(summary.totalSheets)],
    ...(metadata.is3D ? ([["Dimensions", "Three"]] satisfies [string, ReactNode][]) : []),
    ...(metadata.unsupported3DCount > 0 ? ([["Without edges", `${number(metadata.unsupported3DCount)} solids`]] satisfies [string, ReactNode][]) : []),
    ...(parseInfo.durationMs !== undefined ? ([["Read in", `${number(parseInfo.durationMs)} ms`]] satisfies [string, ReactNode][]) : []),
  ];
  return (
    <Card title="Summary">
      <FactList facts={facts} />
      <Counts by_type={summary.statistics.byType} />
    </Card>
  );
}

function Counts({ by_type }: { by_type: Record<string, number> }) {
  const [all, set_all] = useState(false);
  const counts = Object.entries(by_type).sort(([, a], [, b]) => b - a);
  const most = counts[0]?.[1] ?? 0;
  if (counts.length === 0) return null;
  return (
    <>
      <h3 className={css["sub"]}>Entities by type</h3>
      <ul className={css["counts"]}>
        {counts.slice(0, all ? undefined : kShown).map(([type, count]) => (
          <li key={type}>
            <span>{type}</span>
            <span className={css["bar"]} aria-hidden="true">
              <span style={{ width: `${(count / most) * 100}%` }} />
            </span>
            <span className={css["number"]}>{number(count)}</span>
          </li>
        ))}
      </ul>
      {counts.length > kShown && (
        <Button small kind="quiet" onPress={() => set_all(!all)}>
          {all ? "Show the most frequent" : `Show all ${counts.length} types`}
        </Button>
      )}
    </>
  );
}
