// SPDX-License-Identifier: Apache-2.0
import { Op, StyleKind, Verb } from "../../src/viewer/scene/format";
import { Chunks } from "../../src/viewer/scene/chunks";
import { float, geometry_of, op, path, type RunOf, type SceneOf, scene_bytes, tables_of } from "./scene_builder";

export const stroke = { kind: StyleKind.stroke };
export const fill = { kind: StyleKind.fill };
export const text = { kind: StyleKind.text, face: 0 };

export const line = (x0: number, y0: number, x1: number, y1: number, style = 0): number[] => [op(Op.style, style), op(Op.polyline, 2), ...[x0, y0, x1, y1].map(float)];
export function filled(outline: number[], style = 0): number[] {
  return [op(Op.style, style), op(Op.fill_path, outline.length), ...outline];
}
export function stroked(outline: number[], style = 0): number[] {
  return [op(Op.style, style), op(Op.stroke_path, outline.length), ...outline];
}
export const square = (x: number, y: number, size: number): number[] =>
  path([Verb.move, x, y], [Verb.line, x + size, y], [Verb.line, x + size, y + size], [Verb.line, x, y + size], [Verb.close]);
export const circle = (x: number, y: number, r: number): number[] => path([Verb.move, x + r, y], [Verb.arc, x, y, r, 0, 0, r, 0, 2 * Math.PI]);
// `count` times glyph 0, an em apart, each an em of `size` units.
export const glyphs = (x: number, y: number, size: number, count: number, offset: number, bytes: number, style = 0): number[] => {
  const each = Array.from({ length: count }, (_, i) => [0, float(i), float(0)]).flat();
  return [op(Op.style, style), op(Op.glyphs, 8 + each.length), ...[size, 0, 0, size, x, y].map(float), offset, bytes, ...each];
};
// A square of 0.6 em on the baseline.
export const glyph = { words: square(0, 0, 0.6), advance: 1 };

export const everything = [-1000, -1000, 1000, 1000] as [number, number, number, number];

// One entity a run.
export function scene_of(runs: RunOf[], more: Partial<SceneOf> = {}): ArrayBuffer {
  return scene_bytes({ styles: [stroke], ...more, entities: runs.map((run, i) => ({ handle: i + 1, box: everything, runs: [run] })) });
}

export function loaded(bytes: ArrayBuffer) {
  const tables = tables_of(bytes);
  const chunks = new Chunks(tables);
  chunks.add({ from: 0, to: tables.chunks[0]!.words * 4, chunks: [0] }, geometry_of(bytes));
  return { tables, chunks };
}
