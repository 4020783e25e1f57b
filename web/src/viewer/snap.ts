// SPDX-License-Identifier: Apache-2.0
// The point that is meant when somebody points near something. Pieces are relative to where they point.
import type { Box } from "./scene/head";
import type { Feature } from "./worker/features";
import type { Snap, SnapKind } from "./worker/protocol";

const kMostSegments = 256; // that are intersected with each other
const kFloat = 2 ** -24;
const kMostDigits = 12;

// Decimals that a chunk's coordinates have: they are floats from its origin, whose noise would show as 9999.99997.
export function digits_of({ origin_x, origin_y, box }: { origin_x: number; origin_y: number; box: Box }): number {
  const size = Math.max(origin_x - box.min_x, box.max_x - origin_x, origin_y - box.min_y, box.max_y - origin_y);
  return size > 0 ? Math.min(kMostDigits, Math.max(0, Math.floor(-Math.log10(size * kFloat)))) : kMostDigits;
}
export const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

interface Best {
  kind: SnapKind;
  x: number;
  y: number;
  distance: number;
  digits: number;
}

type Ends = readonly [number, number, number, number, ...number[]];
// Its ends, and the decimals that they have.
type Segment = [number, number, number, number, number];

// Where two segments cross, if they do.
export function crossing([ax, ay, bx, by]: Ends, [cx, cy, dx, dy]: Ends): [number, number] | undefined {
  const ux = bx - ax;
  const uy = by - ay;
  const vx = dx - cx;
  const vy = dy - cy;
  const across = ux * vy - uy * vx;
  if (across === 0) return undefined;
  const t = ((cx - ax) * vy - (cy - ay) * vx) / across;
  const s = ((cx - ax) * uy - (cy - ay) * ux) / across;
  return t >= 0 && t <= 1 && s >= 0 && s <= 1 ? [ax + t * ux, ay + t * uy] : undefined;
}

const meet = (a: Segment, b: Segment) =>
  (a[0] === b[0] && a[1] === b[1]) || (a[2] === b[2] && a[3] === b[3]) || (a[0] === b[2] && a[1] === b[3]) || (a[2] === b[0] && a[3] === b[1]);

class Candidates {
  exact: Best | undefined;
  nearest: Best | undefined;
  constructor(private readonly radius: number) {}

  offer(kind: SnapKind, x: number, y: number, digits: number) {
    const distance = Math.hypot(x, y);
    if (distance > this.radius) return;
    if (kind === "nearest") {
      if (!this.nearest || distance < this.nearest.distance) this.nearest = { kind, x, y, distance, digits };
    } else if (!this.exact || distance < this.exact.distance) {
      this.exact = { kind, x, y, distance, digits };
    }
  }
}

// An exact point within the radius wins over the nearest point of a line. Ends come first among equals.
export function snap(features: Iterable<Feature>, radius: number): (Snap & { digits: number }) | undefined {
  const found = new Candidates(radius);
  const segments: Segment[] = [];
  const middles: [number, number, number][] = [];
  for (const { kind, outline, centers, digits } of features) {
    if (kind === "box") continue;
    for (let i = 0; i < centers.length; i += 2) found.offer("center", centers[i]!, centers[i + 1]!, digits);
    const p = outline.points;
    for (const { begin, end, closed } of outline.parts) {
      const count = closed || kind === "fill" ? end - begin : end - begin - 1;
      for (let i = 0; i <= end - begin - 1; ++i) {
        const at = begin + i;
        // Inner points of a flattened curve are nothing in the drawing.
        const is_corner = i === 0 || i === end - begin - 1 || outline.straight[at] === 1 || outline.straight[at + 1] === 1;
        if (is_corner) found.offer("end", p[2 * at]!, p[2 * at + 1]!, digits);
      }
      for (let i = 0; i < count; ++i) {
        const a = begin + i;
        const b = i + 1 === end - begin ? begin : a + 1;
        const segment: Segment = [p[2 * a]!, p[2 * a + 1]!, p[2 * b]!, p[2 * b + 1]!, digits];
        const straight = b === begin || outline.straight[b] === 1;
        if (straight) middles.push([(segment[0] + segment[2]) / 2, (segment[1] + segment[3]) / 2, digits]);
        offer_nearest(found, segment, radius, segments);
      }
    }
  }
  for (const [x, y, digits] of middles) found.offer("middle", x, y, digits);
  for (let i = 0; i < segments.length; ++i)
    for (let j = i + 1; j < segments.length; ++j) {
      // Neighbors of one outline meet at their ends, which are ends already or nothing.
      const at = meet(segments[i]!, segments[j]!) ? undefined : crossing(segments[i]!, segments[j]!);
      if (at) found.offer("intersection", at[0], at[1], Math.min(segments[i]![4], segments[j]![4]));
    }
  const best = found.exact ?? found.nearest;
  return best && { kind: best.kind, x: best.x, y: best.y, digits: best.digits };
}

function offer_nearest(found: Candidates, segment: Segment, radius: number, segments: Segment[]) {
  const [ax, ay, bx, by, digits] = segment;
  const dx = bx - ax;
  const dy = by - ay;
  const squared = dx * dx + dy * dy;
  const t = squared > 0 ? Math.min(1, Math.max(0, -(ax * dx + ay * dy) / squared)) : 0;
  const x = ax + t * dx;
  const y = ay + t * dy;
  if (Math.hypot(x, y) > radius) return;
  found.offer("nearest", x, y, digits);
  if (segments.length < kMostSegments) segments.push(segment);
}
