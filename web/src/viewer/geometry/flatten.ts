// SPDX-License-Identifier: Apache-2.0
// A checked path as polylines that are at most `tolerance` off, as src/render/flatten.cpp makes them.
import { kVerbFloats, Verb } from "../scene/format";
import type { Box } from "../scene/head";
import type { Outline } from "./outline";

// Takes a path's coordinates to where it is flattened: x' = a x + c y + e, y' = b x + d y + f.
export interface Affine {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
}

const kMaxDepth = 24; // of halving a huge curve
const kPlainPieces = 128; // more are worth the search for what is visible
const kTurn = 2 * Math.PI;

export class Flattener {
  // Curves outside of `visible` may be coarse. Set for each path.
  constructor(
    private readonly out: Outline,
    private tolerance: number,
    private visible: Box,
  ) {}

  private begin = 0;
  private start_x = 0;
  private start_y = 0;
  private last_x = 0;
  private last_y = 0;

  aim(tolerance: number, visible: Box) {
    this.tolerance = tolerance;
    this.visible = visible;
  }

  // `words` and `floats` are two views of the same memory; the path starts at `at`.
  path(words: Uint32Array, floats: Float32Array, at: number, map: Affine) {
    const { a, b, c, d, e, f } = map;
    this.out.clear();
    this.begin = 0;
    const count = words[at]!;
    let next = at + 1 + ((count + 3) >> 2);
    const x = (i: number) => a * floats[i]! + c * floats[i + 1]! + e;
    const y = (i: number) => b * floats[i]! + d * floats[i + 1]! + f;
    for (let i = 0; i < count; ++i) {
      const verb = (words[at + 1 + (i >> 2)]! >>> (8 * (i & 3))) & 255;
      switch (verb) {
        case Verb.move:
          this.move(x(next), y(next));
          break;
        case Verb.line:
          this.open();
          this.add(x(next), y(next), true);
          break;
        case Verb.cubic:
          this.open();
          this.cubic(this.last_x, this.last_y, x(next), y(next), x(next + 2), y(next + 2), x(next + 4), y(next + 4), kMaxDepth);
          break;
        case Verb.arc: {
          this.open();
          const ux = floats[next + 2]!;
          const uy = floats[next + 3]!;
          const vx = floats[next + 4]!;
          const vy = floats[next + 5]!;
          this.arc(x(next), y(next), a * ux + c * uy, b * ux + d * uy, a * vx + c * vy, b * vx + d * vy, floats[next + 6]!, floats[next + 7]!);
          break;
        }
        default:
          this.out.end_part(this.begin, true);
          this.begin = this.out.count;
      }
      next += kVerbFloats[verb as 0 | 1 | 2 | 3 | 4];
    }
    this.out.end_part(this.begin, false);
  }

  private move(x: number, y: number) {
    this.out.end_part(this.begin, false);
    this.begin = this.out.count;
    this.start_x = x;
    this.start_y = y;
    this.add(x, y, true);
  }
  // What comes after a close goes on from the part's start.
  private open() {
    if (this.out.count === this.begin) this.add(this.start_x, this.start_y, true);
  }
  private add(x: number, y: number, straight = false) {
    this.out.add(x, y, straight);
    this.last_x = x;
    this.last_y = y;
  }
  private shows(min_x: number, min_y: number, max_x: number, max_y: number): boolean {
    const v = this.visible;
    return min_x <= v.max_x && max_x >= v.min_x && min_y <= v.max_y && max_y >= v.min_y;
  }

  private arc(cx: number, cy: number, ux: number, uy: number, vx: number, vy: number, t0: number, t1: number) {
    const radius = Math.max(Math.hypot(ux, uy), Math.hypot(vx, vy));
    const sweep = Math.min(kTurn, Math.max(-kTurn, t1 - t0));
    // The sagitta of a chord of angle s is about r*s*s/8.
    const step = Math.min(1, Math.sqrt((8 * this.tolerance) / radius));
    const wanted = Math.ceil(Math.abs(sweep) / step);
    if (wanted > kPlainPieces) {
      this.halve_arc(cx, cy, ux, uy, vx, vy, radius, t0, t0 + sweep, kMaxDepth);
      return;
    }
    const pieces = Math.max(1, wanted || 1);
    const cos = Math.cos(sweep / pieces);
    const sin = Math.sin(sweep / pieces);
    let p = Math.cos(t0);
    let q = Math.sin(t0);
    for (let i = 1; i <= pieces; ++i) {
      const turned = p * cos - q * sin;
      q = p * sin + q * cos;
      p = turned;
      this.add(cx + ux * p + vx * q, cy + uy * p + vy * q);
    }
  }

  // All of the arc from ta to tb lies within its chord's box widened by the sagitta.
  private halve_arc(cx: number, cy: number, ux: number, uy: number, vx: number, vy: number, radius: number, ta: number, tb: number, depth: number) {
    const half = Math.abs(tb - ta) / 2;
    const bx = cx + ux * Math.cos(tb) + vx * Math.sin(tb);
    const by = cy + uy * Math.cos(tb) + vy * Math.sin(tb);
    if (half < 1.5) {
      const sagitta = (radius * half * half) / 2;
      const ax = this.last_x;
      const ay = this.last_y;
      const near = this.shows(Math.min(ax, bx) - sagitta, Math.min(ay, by) - sagitta, Math.max(ax, bx) + sagitta, Math.max(ay, by) + sagitta);
      if (sagitta <= this.tolerance || depth === 0 || !near) {
        this.add(bx, by);
        return;
      }
    }
    const middle = ta + (tb - ta) / 2;
    this.halve_arc(cx, cy, ux, uy, vx, vy, radius, ta, middle, depth - 1);
    this.halve_arc(cx, cy, ux, uy, vx, vy, radius, middle, tb, depth - 1);
  }

  private cubic(x0: number, y0: number, x1: number, y1: number, x2: number, y2: number, x3: number, y3: number, depth: number) {
    // Bound of the second difference gives the number of pieces (Wang's formula).
    const bend = 6 * Math.max(Math.hypot(x0 - 2 * x1 + x2, y0 - 2 * y1 + y2), Math.hypot(x1 - 2 * x2 + x3, y1 - 2 * y2 + y3));
    const wanted = Math.ceil(Math.sqrt(bend / (8 * this.tolerance)));
    if (wanted <= kPlainPieces || depth === 0) {
      const pieces = Math.max(1, Math.min(wanted, kPlainPieces));
      for (let i = 1; i < pieces; ++i) {
        const t = i / pieces;
        const s = 1 - t;
        const w0 = s * s * s;
        const w1 = 3 * s * s * t;
        const w2 = 3 * s * t * t;
        const w3 = t * t * t;
        this.add(x0 * w0 + x1 * w1 + x2 * w2 + x3 * w3, y0 * w0 + y1 * w1 + y2 * w2 + y3 * w3);
      }
      this.add(x3, y3);
      return;
    }
    if (!this.shows(Math.min(x0, x1, x2, x3), Math.min(y0, y1, y2, y3), Math.max(x0, x1, x2, x3), Math.max(y0, y1, y2, y3))) {
      this.add(x3, y3);
      return;
    }
    const ax = (x0 + x1) / 2;
    const ay = (y0 + y1) / 2;
    const bx = (x1 + x2) / 2;
    const by = (y1 + y2) / 2;
    const cx = (x2 + x3) / 2;
    const cy = (y2 + y3) / 2;
    const abx = (ax + bx) / 2;
    const aby = (ay + by) / 2;
    const bcx = (bx + cx) / 2;
    const bcy = (by + cy) / 2;
    const mx = (abx + bcx) / 2;
    const my = (aby + bcy) / 2;
    this.cubic(x0, y0, ax, ay, abx, aby, mx, my, depth - 1);
    this.cubic(mx, my, bcx, bcy, cx, cy, x3, y3, depth - 1);
  }
}
