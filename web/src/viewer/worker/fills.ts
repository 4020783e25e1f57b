// SPDX-License-Identifier: Apache-2.0
import { clip_area } from "../geometry/clip";
import type { Outline } from "../geometry/outline";
import { triangulate } from "../geometry/triangulate";
import type { Board } from "./board";
import { stroke } from "./strokes";

const kThinPx = 0.7;
const kMostThinParts = 8;

export function fill(board: Board, path: Outline, even_odd: boolean) {
  if (path.count === 0 || board.misses(path.min_x, path.min_y, path.max_x, path.max_y, 2 * board.px)) return;
  const width = path.width * board.scale;
  const height = path.height * board.scale;
  if (width < 1 && height < 1) {
    board.dot((path.min_x + path.max_x) / 2, (path.min_y + path.max_y) / 2, Math.max(0.25, width * height));
    return;
  }
  const { bucket, z, look } = board;
  triangulate(clip_area(path, board.far), even_odd, (ax, ay, bx, by, cx, cy) => {
    bucket.index(bucket.vertex(ax, ay, z, look));
    bucket.index(bucket.vertex(bx, by, z, look));
    bucket.index(bucket.vertex(cx, cy, z, look));
  });
  // An area thinner than a pixel would fade away: it gets a hairline, as a line would.
  if (!bucket.gradient && path.parts.length <= kMostThinParts && typical_width(path) * board.scale < kThinPx) {
    for (const part of path.parts) part.closed = true;
    stroke(board, path);
  }
}

// Width of the rectangle with the path's area and perimeter: a sliver's width, a square's side.
export function typical_width(path: Outline): number {
  const p = path.points;
  let area = 0;
  let perimeter = 0;
  for (const { begin, end } of path.parts) {
    const x = p[2 * begin]!;
    const y = p[2 * begin + 1]!;
    for (let i = begin, j = end - 1; i < end; j = i++) {
      const ax = p[2 * j]! - x;
      const ay = p[2 * j + 1]! - y;
      const bx = p[2 * i]! - x;
      const by = p[2 * i + 1]! - y;
      area += (ax * by - ay * bx) / 2;
      perimeter += Math.hypot(bx - ax, by - ay);
    }
  }
  const half = perimeter / 2;
  return (half - Math.sqrt(Math.max(0, half * half - 4 * Math.abs(area)))) / 2;
}
