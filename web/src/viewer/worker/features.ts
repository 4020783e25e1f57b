// SPDX-License-Identifier: Apache-2.0
// What lies near a point: the pieces of what is drawn there, for picking and for snapping.
import { type Affine, Flattener } from "../geometry/flatten";
import { Outline } from "../geometry/outline";
import type { Chunks } from "../scene/chunks";
import { kEntityWords, kNone, kRunWords, kVerbFloats, Op, Verb } from "../scene/format";
import type { Tables } from "../scene/tables";
import { digits_of } from "../snap";
import type { ClipMeshes } from "./clip_meshes";
import type { Spot } from "./protocol";

export interface Feature {
  run: number;
  kind: "stroke" | "fill" | "box";
  outline: Outline;
  even_odd: boolean;
  // Half the pen, in units.
  half_width: number;
  // Of the arcs in it: x, y.
  centers: number[];
  // Decimals that its coordinates have.
  digits: number;
}

const kFlat = 0.02; // of the radius

export class Features {
  constructor(
    private readonly tables: Tables,
    private readonly chunks: Chunks,
    private readonly clips: ClipMeshes,
  ) {}

  // Everything in the runs whose entity's box comes near, relative to `at`, in drawing order within a chunk.
  *near(at: Spot): Generator<Feature> {
    const { tables } = this;
    const { origin_x, origin_y } = tables.head;
    const hidden = new Set(at.hidden);
    const x = at.x - origin_x;
    const y = at.y - origin_y;
    const boxes = tables.entity_boxes;
    for (let chunk = 0; chunk < tables.chunks.length; ++chunk) {
      const { box } = tables.chunks[chunk]!;
      const r = at.radius;
      if (at.x < box.min_x - r || at.x > box.max_x + r || at.y < box.min_y - r || at.y > box.max_y + r || !this.chunks.words_of(chunk)) continue;
      for (let place = this.chunks.begin_of(chunk); place < this.chunks.end_of(chunk); ++place) {
        const run = this.chunks.run_at[place]!;
        const b = this.chunks.entity_of[run]! * kEntityWords + 4;
        if (x < boxes[b]! - r || x > boxes[b + 2]! + r || y < boxes[b + 1]! - r || y > boxes[b + 3]! + r) continue;
        if (hidden.has(tables.runs[run * kRunWords]!) || !this.shows(tables.runs[run * kRunWords + 1]!, at)) continue;
        yield* this.of_run(run, at);
      }
    }
  }

  private shows(clip: number, at: Spot): boolean {
    for (; clip !== kNone; clip = this.tables.clips[clip]!.parent) {
      const { origin_x, origin_y } = this.tables.clips[clip]!;
      if (!is_inside(this.clips.outline(clip), at.x - origin_x, at.y - origin_y, true)) return false;
    }
    return true;
  }

  private *of_run(run: number, at: Spot): Generator<Feature> {
    const { runs, chunks, styles, faces } = this.tables;
    const record = run * kRunWords;
    const chunk = runs[record + 2]!;
    const { words, floats } = this.chunks.words_of(chunk)!;
    const dx = chunks[chunk]!.origin_x - at.x;
    const dy = chunks[chunk]!.origin_y - at.y;
    const digits = digits_of(chunks[chunk]!);
    const here: Affine = { a: 1, b: 0, c: 0, d: 1, e: dx, f: dy };
    const end = runs[record + 3]! + runs[record + 4]!;
    const reach = { min_x: -at.radius, min_y: -at.radius, max_x: at.radius, max_y: at.radius };
    let style = 0;
    for (let word = runs[record + 3]!; word < end; ) {
      const op = words[word]! & 255;
      const argument = words[word]! >>> 8;
      const first = word + 1;
      if (op === Op.style) {
        style = argument;
        word = first;
        continue;
      }
      const is_points = op === Op.polyline || op === Op.closed_polyline;
      word = first + (is_points ? 2 * argument : argument);
      const outline = new Outline();
      const feature: Feature = { run, kind: "stroke", outline, even_odd: false, half_width: styles[style]!.width_units / 2, centers: [], digits };
      if (is_points) {
        for (let i = 0; i < argument; ++i) outline.add(floats[first + 2 * i]! + dx, floats[first + 2 * i + 1]! + dy, true);
        outline.end_part(0, op === Op.closed_polyline);
      } else if (op === Op.stroke_path || op === Op.fill_path || op === Op.gradient_fill) {
        const path_at = op === Op.gradient_fill ? first + 5 + 2 * (words[first]! >>> 1) : first;
        new Flattener(outline, kFlat * at.radius, reach).path(words, floats, path_at, here);
        feature.centers = centers_of(words, floats, path_at, here);
        if (op !== Op.stroke_path) Object.assign(feature, { kind: "fill", even_odd: styles[style]!.even_odd, half_width: 0 });
      } else {
        feature.kind = "box";
        feature.half_width = 0;
        if (op === Op.glyphs) add_text_box(outline, floats, first, word, dx, dy, faces[styles[style]!.face]!.cap_height, this.advance_of(words[word - 3]!));
        else add_frame(outline, floats, first, dx, dy);
      }
      yield feature;
    }
  }

  private advance_of(glyph: number): number {
    return this.tables.glyphs[glyph]?.advance ?? 0;
  }
}

function centers_of(words: Uint32Array, floats: Float32Array, at: number, { e, f }: Affine): number[] {
  const centers: number[] = [];
  const count = words[at]!;
  let next = at + 1 + ((count + 3) >> 2);
  for (let i = 0; i < count; ++i) {
    const verb = (words[at + 1 + (i >> 2)]! >>> (8 * (i & 3))) & 255;
    if (verb === Verb.arc) centers.push(floats[next]! + e, floats[next + 1]! + f);
    next += kVerbFloats[verb as 0 | 1 | 2 | 3 | 4];
  }
  return centers;
}

function add_text_box(outline: Outline, floats: Float32Array, first: number, end: number, dx: number, dy: number, cap_height: number, last_advance: number) {
  if (end === first + 8) return;
  const [a, b, c, d, e, f] = floats.subarray(first, first + 6) as unknown as [number, number, number, number, number, number];
  const left = floats[first + 9]!;
  const base = floats[first + 10]!;
  const right = floats[end - 2]! + last_advance;
  for (const [x, y] of [[left, base], [right, base], [right, base + cap_height], [left, base + cap_height]] as const) outline.add(a * x + c * y + e + dx, b * x + d * y + f + dy, true);
  outline.end_part(0, true);
}

function add_frame(outline: Outline, floats: Float32Array, first: number, dx: number, dy: number) {
  const [x, y, ux, uy, vx, vy] = floats.subarray(first, first + 6) as unknown as [number, number, number, number, number, number];
  for (const [px, py] of [[x, y], [x + ux, y + uy], [x + ux + vx, y + uy + vy], [x + vx, y + vy]] as const) outline.add(px + dx, py + dy, true);
  outline.end_part(0, true);
}

// Is the point in what the outline fills?
export function is_inside(outline: Outline, x: number, y: number, even_odd: boolean): boolean {
  const p = outline.points;
  let winding = 0;
  for (const { begin, end } of outline.parts)
    for (let i = begin, j = end - 1; i < end; j = i++) {
      const ay = p[2 * j + 1]!;
      const by = p[2 * i + 1]!;
      if (ay > y === by > y) continue;
      const ax = p[2 * j]!;
      if (ax + ((p[2 * i]! - ax) * (y - ay)) / (by - ay) > x) winding += by > ay ? 1 : -1;
    }
  return even_odd ? (winding & 1) !== 0 : winding !== 0;
}
