// SPDX-License-Identifier: Apache-2.0
// Glyphs as triangles of their outlines, so that text is crisp at any zoom; too small to read, a bar a word.
import { type Affine, Flattener } from "../geometry/flatten";
import { Outline } from "../geometry/outline";
import { triangulate } from "../geometry/triangulate";
import type { Box } from "../scene/head";
import type { Tables } from "../scene/tables";
import type { Board } from "./board";
import type { Looks } from "./looks";
import { stroke } from "./strokes";

const kMinCapPx = 1.5;
const kFlatPx = 0.12;
const kMostDetail = 14;
const kAll: Box = { min_x: -Infinity, min_y: -Infinity, max_x: Infinity, max_y: Infinity };
const kIdentity: Affine = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

interface Mesh {
  // x, y in em.
  points: Float32Array;
  indices: Uint32Array;
}

function mesh_of(path: Outline): Mesh {
  const points: number[] = [];
  const indices: number[] = [];
  const numbers = new Map<number, Map<number, number>>();
  const vertex = (x: number, y: number) => {
    let row = numbers.get(y);
    if (!row) numbers.set(y, (row = new Map()));
    let index = row.get(x);
    if (index === undefined) {
      index = points.push(x, y) / 2 - 1;
      row.set(x, index);
    }
    indices.push(index);
  };
  triangulate(path, false, (ax, ay, bx, by, cx, cy) => {
    vertex(ax, ay);
    vertex(bx, by);
    vertex(cx, cy);
  });
  return { points: Float32Array.from(points), indices: Uint32Array.from(indices) };
}

export class Texts {
  private readonly path = new Outline();
  private readonly flattener = new Flattener(this.path, 1, kAll);
  private readonly outline_floats: Float32Array;
  // By glyph and detail.
  private readonly meshes = new Map<number, Mesh>();

  constructor(
    private readonly tables: Tables,
    private readonly looks: Looks,
  ) {
    const { outlines } = tables;
    this.outline_floats = new Float32Array(outlines.buffer, outlines.byteOffset, outlines.length);
  }

  // Words [first, end) are the arguments of the operation; `map` takes its run space to the board.
  draw(board: Board, words: Uint32Array, floats: Float32Array, first: number, end: number, style: number, map: Affine) {
    if (end === first + 8) return;
    const em = Math.max(Math.hypot(map.a, map.b), Math.hypot(map.c, map.d));
    if (!(em > 0) || this.is_outside(board, floats, first, end, map, em)) return;
    const { face, width_mm: embolden } = this.tables.styles[style]!;
    const cap_px = Math.hypot(map.c, map.d) * this.tables.faces[face]!.cap_height * board.scale;
    if (cap_px < kMinCapPx) {
      this.draw_bars(board, words, floats, first, end, face, map);
      return;
    }
    for (let at = first + 8; at < end; at += 3) this.draw_glyph(board, words[at]!, shifted(map, floats[at + 1]!, floats[at + 2]!), em);
    if (embolden > 0) this.draw_bold(board, words, floats, first, end, map, embolden * em);
  }

  private is_outside(board: Board, floats: Float32Array, first: number, end: number, map: Affine, em: number): boolean {
    let min_x = Infinity;
    let min_y = Infinity;
    let max_x = -Infinity;
    let max_y = -Infinity;
    for (let at = first + 8; at < end; at += 3) {
      const x = map.a * floats[at + 1]! + map.c * floats[at + 2]! + map.e;
      const y = map.b * floats[at + 1]! + map.d * floats[at + 2]! + map.f;
      if (x < min_x) min_x = x;
      if (x > max_x) max_x = x;
      if (y < min_y) min_y = y;
      if (y > max_y) max_y = y;
    }
    return board.misses(min_x, min_y, max_x, max_y, 4 * em);
  }

  private draw_glyph(board: Board, glyph: number, map: Affine, em: number) {
    if (board.misses(map.e, map.f, map.e, map.f, 4 * em)) return;
    const { points, indices } = this.mesh(glyph, em * board.scale);
    const { bucket, z, look } = board;
    const { a, b, c, d, e, f } = map;
    let base = 0;
    for (let i = 0; i < points.length; i += 2) {
      const x = points[i]!;
      const y = points[i + 1]!;
      const vertex = bucket.vertex(a * x + c * y + e, b * x + d * y + f, z, look);
      if (i === 0) base = vertex;
    }
    const at = bucket.indices.take(indices.length);
    const out = bucket.indices.words;
    for (let i = 0; i < indices.length; ++i) out[at + i] = base + indices[i]!;
  }

  private mesh(glyph: number, em_px: number): Mesh {
    const detail = Math.min(kMostDetail, Math.max(0, Math.ceil(Math.log2(em_px))));
    const key = glyph * 16 + detail;
    let mesh = this.meshes.get(key);
    if (!mesh) {
      this.flattener.aim(kFlatPx / 2 ** detail, kAll);
      this.flattener.path(this.tables.outlines, this.outline_floats, this.tables.glyphs[glyph]!.first_word, kIdentity);
      mesh = mesh_of(this.path);
      this.meshes.set(key, mesh);
    }
    return mesh;
  }

  // Synthetic bold: the outlines drawn with a pen as well.
  private draw_bold(board: Board, words: Uint32Array, floats: Float32Array, first: number, end: number, map: Affine, width: number) {
    const before = { look: board.look, looks: board.looks };
    board.looks = { ...board.looks, width_units: Math.fround(width), width_mm: 0 };
    board.look = this.looks.other(board.looks);
    this.flattener.aim(kFlatPx * board.px, kAll);
    for (let at = first + 8; at < end; at += 3) {
      this.flattener.path(this.tables.outlines, this.outline_floats, this.tables.glyphs[words[at]!]!.first_word, shifted(map, floats[at + 1]!, floats[at + 2]!));
      stroke(board, this.path);
    }
    Object.assign(board, before);
  }

  private draw_bars(board: Board, words: Uint32Array, floats: Float32Array, first: number, end: number, face: number, map: Affine) {
    const before = { look: board.look, looks: board.looks };
    board.looks = { ...board.looks, faint: true };
    board.look = this.looks.other(board.looks);
    const middle = this.tables.faces[face]!.cap_height / 2;
    let from_x = 0;
    let from_y = 0;
    let to_x = 0;
    let to_y = 0;
    let open = false;
    const bar = () => {
      this.path.clear();
      for (const [x, y] of [[from_x, from_y], [to_x, to_y]] as const) this.path.add(map.a * x + map.c * y + map.e, map.b * x + map.d * y + map.f, false);
      this.path.end_part(0, false);
      stroke(board, this.path);
    };
    for (let at = first + 8; at < end; at += 3) {
      const glyph = this.tables.glyphs[words[at]!]!;
      const is_space = this.tables.outlines[glyph.first_word] === 0;
      if (is_space) {
        if (open) bar();
        open = false;
        continue;
      }
      if (!open) {
        from_x = floats[at + 1]!;
        from_y = floats[at + 2]! + middle;
      }
      open = true;
      to_x = floats[at + 1]! + glyph.advance;
      to_y = floats[at + 2]! + middle;
    }
    if (open) bar();
    Object.assign(board, before);
  }
}

const shifted = (map: Affine, x: number, y: number): Affine => ({ ...map, e: map.a * x + map.c * y + map.e, f: map.b * x + map.d * y + map.f });
