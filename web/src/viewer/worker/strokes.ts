// SPDX-License-Identifier: Apache-2.0
// Polylines as segments. A hairline or a pen in mm has its width from the screen; one in drawing units has mitered joins.
import { clip_segment } from "../geometry/clip";
import type { Outline, Part } from "../geometry/outline";
import type { Board } from "./board";
import { SegmentFlag } from "./buckets";

const kMinStep = 0.3; // pixels between kept points
const kMostPlottedPx = 48; // half of what a pen in mm may take, and slack
const kMostSkew = Math.sqrt(15); // a miter of four times the width
const kThinPx = 2.5; // wider strokes need real joins

const cut = new Float64Array(4);
const kept: number[] = [];
const kept_straight: boolean[] = [];

export function reach_of(board: Board): number {
  const { width_mm, width_units } = board.looks;
  return (width_units > 0 ? 2.5 * width_units : 0) + (width_mm > 0 ? kMostPlottedPx : 2) * board.px;
}

export function stroke(board: Board, path: Outline) {
  if (path.count === 0) return;
  const reach = reach_of(board);
  if (board.misses(path.min_x, path.min_y, path.max_x, path.max_y, reach)) return;
  const extent = Math.max(path.width, path.height) * board.scale;
  if (extent < 1) {
    board.dot((path.min_x + path.max_x) / 2, (path.min_y + path.max_y) / 2, Math.max(extent, 0.5));
    return;
  }
  const alone = path.parts.length === 1;
  for (const part of path.parts) stroke_part(board, path, part, alone, reach);
}

// A line between two points, which is what most of a drawing is.
export function stroke_line(board: Board, x0: number, y0: number, x1: number, y1: number) {
  const reach = reach_of(board);
  const min_x = Math.min(x0, x1);
  const min_y = Math.min(y0, y1);
  const max_x = Math.max(x0, x1);
  const max_y = Math.max(y0, y1);
  if (board.misses(min_x, min_y, max_x, max_y, reach)) return;
  const extent = Math.max(max_x - min_x, max_y - min_y) * board.scale;
  if (extent < 1) board.dot((x0 + x1) / 2, (y0 + y1) / 2, Math.max(extent, 0.5));
  else emit(board, x0, y0, x1, y1, SegmentFlag.extend_start | SegmentFlag.extend_end | SegmentFlag.straight, 0, 0);
}

function emit(board: Board, x0: number, y0: number, x1: number, y1: number, flags: number, skew0: number, skew1: number) {
  const { far } = board;
  const inside = x0 >= far.min_x && x0 <= far.max_x && y0 >= far.min_y && y0 <= far.max_y && x1 >= far.min_x && x1 <= far.max_x && y1 >= far.min_y && y1 <= far.max_y;
  if (inside) board.bucket.segment(x0, y0, x1, y1, board.z, board.look + flags, skew0, skew1);
  else if (clip_segment(far, x0, y0, x1, y1, cut)) board.bucket.segment(cut[0]!, cut[1]!, cut[2]!, cut[3]!, board.z, board.look + flags, 0, 0);
}

// The part's points without those that no pixel tells from their neighbor.
function keep(board: Board, path: Outline, part: Part) {
  const step = kMinStep * board.px;
  const p = path.points;
  kept.length = kept_straight.length = 0;
  let x = NaN;
  let y = NaN;
  for (let i = part.begin; i < part.end; ++i) {
    const nx = p[2 * i]!;
    const ny = p[2 * i + 1]!;
    const is_end = i + 1 === part.end && !part.closed;
    if (!is_end && Math.abs(nx - x) < step && Math.abs(ny - y) < step) continue;
    kept.push((x = nx), (y = ny));
    kept_straight.push(path.straight[i] === 1);
  }
  if (part.closed) {
    kept.push(kept[0]!, kept[1]!);
    kept_straight.push(true);
  }
}

function stroke_part(board: Board, path: Outline, part: Part, alone: boolean, reach: number) {
  keep(board, path, part);
  const count = kept_straight.length - 1;
  if (count < 1) {
    board.dot(kept[0]!, kept[1]!, 0.5);
    return;
  }
  const joins = board.looks.width_units * board.scale > kThinPx;
  for (let i = 0; i < count; ++i) {
    const x0 = kept[2 * i]!;
    const y0 = kept[2 * i + 1]!;
    const x1 = kept[2 * i + 2]!;
    const y1 = kept[2 * i + 3]!;
    if (board.misses(Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1), reach)) continue;
    const straight = kept_straight[i + 1]!;
    let flags: number = straight ? SegmentFlag.straight : 0;
    if (!joins) {
      // Corners of straight pieces would gape; a part of several (a dash) ends where it ends.
      if (i === 0 ? !part.closed && alone : straight && kept_straight[i]!) flags |= SegmentFlag.extend_start;
      if (i + 1 === count ? !part.closed && alone : straight && kept_straight[i + 2]!) flags |= SegmentFlag.extend_end;
    }
    emit(board, x0, y0, x1, y1, flags, joins ? skew_at(board, i, count, part.closed, false) : 0, joins ? skew_at(board, i + 1, count, part.closed, true) : 0);
  }
}

// How far the corners at kept point `i` lean along the segment that ends or starts there, in half widths. Where a miter would
// be too long the join is a bevel.
function skew_at(board: Board, i: number, count: number, closed: boolean, ends: boolean): number {
  if ((i === 0 || i === count) && !closed) return 0;
  const before = i === 0 ? count - 1 : i - 1;
  const after = i === count ? 0 : i;
  const ax = kept[2 * before + 2]! - kept[2 * before]!;
  const ay = kept[2 * before + 3]! - kept[2 * before + 1]!;
  const bx = kept[2 * after + 2]! - kept[2 * after]!;
  const by = kept[2 * after + 3]! - kept[2 * after + 1]!;
  const a = Math.hypot(ax, ay);
  const b = Math.hypot(bx, by);
  if (a === 0 || b === 0) return 0;
  const turn = (ax * by - ay * bx) / (a * b + ax * bx + ay * by);
  const half = board.looks.width_units / 2;
  if (Math.abs(turn) <= kMostSkew && Math.abs(turn) * half <= Math.min(a, b)) return turn;
  if (ends) bevel(board, kept[2 * i]!, kept[2 * i + 1]!, (ax / a) * half, (ay / a) * half, (bx / b) * half, (by / b) * half);
  return 0;
}

function bevel(board: Board, x: number, y: number, ax: number, ay: number, bx: number, by: number) {
  const side = ax * by - ay * bx > 0 ? 1 : -1;
  const { bucket, z, look } = board;
  bucket.index(bucket.vertex(x, y, z, look));
  bucket.index(bucket.vertex(x + side * ay, y - side * ax, z, look));
  bucket.index(bucket.vertex(x + side * by, y - side * bx, z, look));
}
