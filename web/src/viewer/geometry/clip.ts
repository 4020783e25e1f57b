// SPDX-License-Identifier: Apache-2.0
import type { Box } from "../scene/head";
import { Outline } from "./outline";

export const touches = (a: Box, b: Box) => a.min_x <= b.max_x && a.max_x >= b.min_x && a.min_y <= b.max_y && a.max_y >= b.min_y;
export const widened = (box: Box, by: number): Box => ({ min_x: box.min_x - by, min_y: box.min_y - by, max_x: box.max_x + by, max_y: box.max_y + by });

// Where the part of a segment inside a box starts and ends: Liang-Barsky. Written to `out` (x0, y0, x1, y1); false: nothing is inside.
export function clip_segment(box: Box, x0: number, y0: number, x1: number, y1: number, out: Float64Array): boolean {
  const dx = x1 - x0;
  const dy = y1 - y0;
  let t0 = 0;
  let t1 = 1;
  for (let side = 0; side < 4; ++side) {
    const along = side === 0 ? -dx : side === 1 ? dx : side === 2 ? -dy : dy;
    const from = side === 0 ? x0 - box.min_x : side === 1 ? box.max_x - x0 : side === 2 ? y0 - box.min_y : box.max_y - y0;
    if (along === 0) {
      if (from < 0) return false;
      continue;
    }
    const t = from / along;
    if (along > 0) t1 = Math.min(t1, t);
    else t0 = Math.max(t0, t);
    if (t0 > t1) return false;
  }
  out[0] = t0 > 0 ? x0 + dx * t0 : x0;
  out[1] = t0 > 0 ? y0 + dy * t0 : y0;
  out[2] = t1 < 1 ? x0 + dx * t1 : x1;
  out[3] = t1 < 1 ? y0 + dy * t1 : y1;
  return true;
}

// Sutherland-Hodgman against one edge: keeps where `sign * (coordinate - edge)` is not negative.
function clip_edge(points: number[], axis: 0 | 1, edge: number, sign: 1 | -1): number[] {
  const out: number[] = [];
  const n = points.length;
  for (let i = 0; i < n; i += 2) {
    const j = (i + 2) % n;
    const da = sign * (points[i + axis]! - edge);
    const db = sign * (points[j + axis]! - edge);
    if (da >= 0) out.push(points[i]!, points[i + 1]!);
    if (da >= 0 !== db >= 0) {
      const t = da / (da - db);
      out.push(points[i]! + (points[j]! - points[i]!) * t, points[i + 1]! + (points[j + 1]! - points[i + 1]!) * t);
    }
  }
  return out;
}

// The filled area (either rule) cut to the box; `path` itself where it lies inside.
export function clip_area(path: Outline, box: Box): Outline {
  if (path.min_x >= box.min_x && path.max_x <= box.max_x && path.min_y >= box.min_y && path.max_y <= box.max_y) return path;
  const out = new Outline();
  for (const part of path.parts) {
    let points = Array.from(path.points.subarray(2 * part.begin, 2 * part.end));
    points = clip_edge(points, 0, box.min_x, 1);
    points = clip_edge(points, 0, box.max_x, -1);
    points = clip_edge(points, 1, box.min_y, 1);
    points = clip_edge(points, 1, box.max_y, -1);
    if (points.length < 6) continue;
    const begin = out.count;
    for (let i = 0; i < points.length; i += 2) out.add(points[i]!, points[i + 1]!, true);
    out.end_part(begin, true);
  }
  return out;
}
