// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";

import { clip_area, clip_segment } from "../../src/viewer/geometry/clip";
import { Flattener } from "../../src/viewer/geometry/flatten";
import { Outline } from "../../src/viewer/geometry/outline";
import { triangulate } from "../../src/viewer/geometry/triangulate";
import { Verb } from "../../src/viewer/scene/format";
import { is_inside } from "../../src/viewer/worker/features";
import { circle } from "./samples";
import { path } from "./scene_builder";

const kAll = { min_x: -Infinity, min_y: -Infinity, max_x: Infinity, max_y: Infinity };
const kHere = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

function outline(...parts: [number, number][][]): Outline {
  const out = new Outline();
  for (const part of parts) {
    const begin = out.count;
    for (const [x, y] of part) out.add(x, y, true);
    out.end_part(begin, true);
  }
  return out;
}

function flatten(words: number[], tolerance: number, map = kHere, visible = kAll): Outline {
  const out = new Outline();
  const all = Uint32Array.from(words);
  new Flattener(out, tolerance, visible).path(all, new Float32Array(all.buffer), 0, map);
  return out;
}

type Triangle = [number, number, number, number, number, number];
function triangles(path: Outline, even_odd: boolean): Triangle[] {
  const all: Triangle[] = [];
  triangulate(path, even_odd, (...triangle) => all.push(triangle));
  return all;
}
const area = (all: Triangle[]) => all.reduce((sum, [ax, ay, bx, by, cx, cy]) => sum + Math.abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / 2, 0);
// In how many triangles is the point?
const cover = (all: Triangle[], x: number, y: number) =>
  all.filter(([ax, ay, bx, by, cx, cy]) => {
    const side = (px: number, py: number, qx: number, qy: number) => (qx - px) * (y - py) - (qy - py) * (x - px);
    const [a, b, c] = [side(ax, ay, bx, by), side(bx, by, cx, cy), side(cx, cy, ax, ay)];
    return (a > 0 && b > 0 && c > 0) || (a < 0 && b < 0 && c < 0);
  }).length;

describe("flattening", () => {
  it("keeps a circle within the tolerance", () => {
    for (const tolerance of [1, 0.1, 0.001]) {
      const { points, count } = flatten(circle(3, 4, 10), tolerance);
      for (let i = 1; i < count; ++i) {
        const middle = Math.hypot((points[2 * i]! + points[2 * i - 2]!) / 2 - 3, (points[2 * i + 1]! + points[2 * i - 1]!) / 2 - 4);
        expect(10 - middle).toBeLessThan(tolerance * 1.05);
      }
      expect(points[2 * count - 2]).toBeCloseTo(13, 5);
    }
  });
  it("spends no points on what is not seen", () => {
    const seen = { min_x: 1e6 - 1, min_y: -1, max_x: 1e6 + 1, max_y: 1 };
    const all = flatten(circle(0, 0, 1e6), 0.001);
    const some = flatten(circle(0, 0, 1e6), 0.001, kHere, seen);
    expect(all.count).toBeGreaterThan(30_000);
    expect(some.count).toBeLessThan(200);
    const near = Array.from({ length: some.count }, (_, i) => Math.hypot(some.points[2 * i]! - 1e6, some.points[2 * i + 1]!)).filter((d) => d < 100);
    expect(near.length).toBeGreaterThan(1);
  });
  it("maps, and knows which pieces are straight", () => {
    const out = flatten(path([Verb.move, 0, 0], [Verb.line, 1, 0], [Verb.cubic, 2, 0, 3, 1, 3, 2], [Verb.close]), 0.01, { a: 0, b: 2, c: -2, d: 0, e: 10, f: 20 });
    expect(Array.from(out.points.subarray(0, 4))).toEqual([10, 20, 10, 22]);
    expect(out.straight[1]).toBe(1);
    expect(out.straight[2]).toBe(0);
    expect(out.parts).toMatchObject([{ begin: 0, closed: true }]);
    expect([out.points[2 * out.count - 2], out.points[2 * out.count - 1]]).toEqual([6, 26]);
  });
});

describe("triangles", () => {
  const star = outline(Array.from({ length: 5 }, (_, i) => [Math.cos((i * 4 * Math.PI) / 5), Math.sin((i * 4 * Math.PI) / 5)] as [number, number]));
  it("fill a star's middle by the non-zero rule alone", () => {
    expect(cover(triangles(star, false), 0.01, 0.02)).toBe(1);
    expect(cover(triangles(star, true), 0.01, 0.02)).toBe(0);
  });
  it("leave holes by winding and by parity", () => {
    const outer: [number, number][] = [[0, 0], [10, 0], [10, 10], [0, 10]];
    const inner: [number, number][] = [[2, 2], [8, 2], [8, 8], [2, 8]];
    expect(area(triangles(outline(outer, inner), false))).toBeCloseTo(100);
    expect(area(triangles(outline(outer, inner), true))).toBeCloseTo(64);
    expect(area(triangles(outline(outer, [...inner].reverse()), false))).toBeCloseTo(64);
  });
  it("are few for a convex outline", () => {
    expect(triangles(flatten(circle(0, 0, 1), 0.0005), false).length).toBeLessThan(2 * flatten(circle(0, 0, 1), 0.0005).count);
  });
  it("cover each point once where the rule fills, whatever the outline", () => {
    // A fixed sequence, so that a failure can be repeated.
    let seed = 12345;
    const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
    for (let round = 0; round < 60; ++round) {
      const parts = Array.from({ length: 1 + (round % 3) }, () => Array.from({ length: 3 + Math.floor(random() * 12) }, () => [Math.floor(random() * 20), Math.floor(random() * 20)] as [number, number]));
      const shape = outline(...parts);
      for (const even_odd of [false, true]) {
        const all = triangles(shape, even_odd);
        for (let i = 0; i < 60; ++i) {
          const x = random() * 20 + 0.0123;
          const y = random() * 20 + 0.0321;
          expect(cover(all, x, y), `round ${round} at ${x}, ${y}`).toBe(is_inside(shape, x, y, even_odd) ? 1 : 0);
        }
      }
    }
  });
  it("of nothing are none", () => {
    expect(triangles(outline([[0, 0], [5, 0], [9, 0]]), false)).toEqual([]);
  });
});

describe("cutting", () => {
  const box = { min_x: 0, min_y: 0, max_x: 10, max_y: 10 };
  it("keeps a segment's part inside", () => {
    const out = new Float64Array(4);
    expect(clip_segment(box, -5, 5, 15, 5, out)).toBe(true);
    expect(Array.from(out)).toEqual([0, 5, 10, 5]);
    expect(clip_segment(box, 1, 2, 3, 4, out)).toBe(true);
    expect(Array.from(out)).toEqual([1, 2, 3, 4]);
    expect(clip_segment(box, -5, 1, 5, -20, out)).toBe(false);
    expect(clip_segment(box, 20, 0, 20, 10, out)).toBe(false);
  });
  it("keeps an area's part inside", () => {
    const cut = clip_area(outline([[-5, -5], [5, -5], [5, 5], [-5, 5]]), box);
    expect(area(triangles(cut, false))).toBeCloseTo(25);
    const inside = outline([[1, 1], [2, 1], [2, 2]]);
    expect(clip_area(inside, box)).toBe(inside);
    expect(clip_area(outline([[20, 20], [30, 20], [30, 30]]), box).parts).toEqual([]);
  });
});
