// SPDX-License-Identifier: Apache-2.0
// Which of the pieces around a point is meant. They are relative to the point.
import type { Outline } from "./geometry/outline";
import { type Feature, is_inside } from "./worker/features";

// Nearest distance from the origin to a segment.
export function distance_to_segment(ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const squared = dx * dx + dy * dy;
  const t = squared > 0 ? Math.min(1, Math.max(0, -(ax * dx + ay * dy) / squared)) : 0;
  return Math.hypot(ax + t * dx, ay + t * dy);
}

export function distance_to_outline({ points, parts }: Outline, closed_all = false): number {
  let nearest = Infinity;
  for (const { begin, end, closed } of parts) {
    if (end - begin === 1) nearest = Math.min(nearest, Math.hypot(points[2 * begin]!, points[2 * begin + 1]!));
    for (let i = begin + 1; i < end; ++i) nearest = Math.min(nearest, distance_to_segment(points[2 * i - 2]!, points[2 * i - 1]!, points[2 * i]!, points[2 * i + 1]!));
    if (closed || closed_all) nearest = Math.min(nearest, distance_to_segment(points[2 * end - 2]!, points[2 * end - 1]!, points[2 * begin]!, points[2 * begin + 1]!));
  }
  return nearest;
}

// The run that is hit: the nearest line within `radius`, else the last drawn area or text around the point.
export function pick(features: Iterable<Feature>, radius: number): number | undefined {
  let line: number | undefined;
  let nearest = radius;
  let area: number | undefined;
  for (const { run, kind, outline, even_odd, half_width } of features) {
    if (kind === "stroke") {
      const distance = Math.max(0, distance_to_outline(outline) - half_width);
      if (distance < nearest || (distance <= nearest && (line === undefined || run > line))) {
        nearest = distance;
        line = run;
      }
    } else if ((area === undefined || run > area) && (is_inside(outline, 0, 0, even_odd) || distance_to_outline(outline, true) <= radius / 2)) {
      area = run;
    }
  }
  return line ?? area;
}
