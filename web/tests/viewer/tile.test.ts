// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";

import { kNone, Op, StyleKind, Verb } from "../../src/viewer/scene/format";
import { SegmentFlag } from "../../src/viewer/worker/buckets";
import { ClipMeshes } from "../../src/viewer/worker/clip_meshes";
import { kSegmentWords, kVertexWords } from "../../src/viewer/worker/layout";
import { Looks } from "../../src/viewer/worker/looks";
import { Kind, type TileData } from "../../src/viewer/worker/protocol";
import { TileMaker } from "../../src/viewer/worker/tile";
import { circle, fill, filled, glyph, glyphs, line, loaded, scene_of, square, stroke, stroked, text } from "./samples";
import { float, op, path, type SceneOf } from "./scene_builder";

function maker_of(runs: Parameters<typeof scene_of>[0], more: Partial<SceneOf> = {}) {
  const { tables, chunks } = loaded(scene_of(runs, more));
  return new TileMaker(tables, chunks, new Looks(tables.styles), new ClipMeshes(tables));
}
const kRegion = { min_x: -10, min_y: -10, max_x: 10, max_y: 10 };
const make = (words: number[], more: Partial<SceneOf> = {}, scale = 20) => maker_of([{ words }], more).make({ id: 1, region: kRegion, scale });

function segments(tile: TileData) {
  const floats = new Float32Array(tile.segments.buffer);
  return Array.from({ length: tile.segments.length / kSegmentWords }, (_, i) => {
    const at = i * kSegmentWords;
    const skews = new Int16Array(tile.segments.buffer, 4 * (at + 6), 2);
    return { ends: Array.from(floats.subarray(at, at + 4)), z: floats[at + 4]!, look: tile.segments[at + 5]! & 0xffffff, flags: tile.segments[at + 5]! & 0xff000000, skews: Array.from(skews, (v) => (v * 4) / 32767) };
  });
}
const vertices = (tile: TileData) => {
  const floats = new Float32Array(tile.vertices.buffer);
  return Array.from({ length: tile.vertices.length / kVertexWords }, (_, i) => [floats[4 * i]!, floats[4 * i + 1]!] as const);
};

describe("a tile", () => {
  it("has a line where it is", () => {
    const [one, ...others] = segments(make(line(1, 2, 3, 4)));
    expect(others).toEqual([]);
    expect(one!.ends).toEqual([1, 2, 3, 4]);
    expect(one!.flags).toBe(SegmentFlag.extend_start | SegmentFlag.extend_end | SegmentFlag.straight);
  });
  it("is exact far from the origin", () => {
    const tile = maker_of([{ words: line(0.25, 0, 1, 1) }], { origin: [3e9, 7e9] }).make({ id: 1, region: { min_x: 3e9 - 2, min_y: 7e9 - 2, max_x: 3e9 + 2, max_y: 7e9 + 2 }, scale: 100 });
    expect([tile.origin_x, tile.origin_y]).toEqual([3e9, 7e9]);
    expect(segments(tile)[0]!.ends).toEqual([0.25, 0, 1, 1]);
  });
  it("leaves out what lies elsewhere, and cuts what goes far", () => {
    expect(segments(make(line(500, 500, 501, 501)))).toEqual([]);
    const [one] = segments(make(line(-900, 0, 900, 0)));
    expect(Math.max(...one!.ends.map(Math.abs))).toBe(30);
  });
  it("has dots for what is smaller than a pixel, the last of a layer in a pixel", () => {
    const runs = Array.from({ length: 50 }, (_, i) => ({ layer: i % 2, words: line(1, 1, 1.001, 1, i) }));
    const styles = runs.map((_, i) => ({ ...stroke, color: 0xff000000 + i }));
    const tile = maker_of([...runs, { layer: 0, words: line(3, 3, 3.04, 3) }], { styles, layers: ["a", "b"] }).make({ id: 1, region: kRegion, scale: 20 });
    const dots = Array.from({ length: tile.dots.length / kVertexWords }, (_, i) => ({ color: tile.looks[tile.dots[4 * i + 3]! & 0xffffff]!.color & 255, ink: tile.dots[4 * i + 3]! >>> 24 }));
    expect(segments(tile)).toEqual([]);
    expect(dots.slice(0, -1).map((dot) => dot.color)).toContain(49);
    expect(dots.slice(0, -1).every((dot) => dot.ink === 128)).toBe(true);
    expect(dots.at(-1)).toEqual({ color: 0, ink: 204 });
    expect(tile.groups).toMatchObject([{ kind: Kind.dots, first: 0, count: dots.length }]);
  });
  it("puts later runs nearer", () => {
    const zs = segments(maker_of([{ words: line(0, 0, 1, 1) }, { words: [...line(0, 0, 2, 2), ...line(0, 0, 3, 3)] }, { words: line(0, 0, 4, 4) }]).make({ id: 1, region: kRegion, scale: 20 })).map((one) => one.z);
    expect(zs).toHaveLength(4);
    expect([...zs].sort((a, b) => a - b)).toEqual(zs);
    expect(new Set(zs).size).toBe(4);
  });
  it("follows curves as closely as the scale asks for", () => {
    const coarse = segments(make(stroked(circle(0, 0, 5)), {}, 5)).length;
    const fine = segments(make(stroked(circle(0, 0, 5)), {}, 500)).length;
    expect(coarse).toBeGreaterThan(8);
    expect(fine).toBeGreaterThan(6 * coarse);
  });
  it("miters pens in units, and bevels what would be too long", () => {
    const styles = [{ kind: StyleKind.stroke, width_units: 1 }];
    const right = segments(make([op(Op.style, 0), op(Op.polyline, 3), ...[0, 0, 5, 0, 5, 5].map(float)], { styles }));
    expect(right.map((one) => one.skews.map((skew) => Number(skew.toFixed(3))))).toEqual([[0, 1], [1, 0]]);
    const sharp = make([op(Op.style, 0), op(Op.polyline, 3), ...[0, 0, 5, 0, 0, 0.5].map(float)], { styles });
    expect(segments(sharp).flatMap((one) => one.skews)).toEqual([0, 0, 0, 0]);
    expect(sharp.indices).toHaveLength(3);
  });
  it("ends dashes where they end", () => {
    const dashes = path([Verb.move, 0, 0], [Verb.line, 1, 0], [Verb.move, 2, 0], [Verb.line, 3, 0]);
    expect(segments(make(stroked(dashes))).map((one) => one.flags)).toEqual([SegmentFlag.straight, SegmentFlag.straight]);
  });
  it("fills areas, and draws a hairline around slivers", () => {
    const whole = make(filled(square(0, 0, 2)), { styles: [fill] });
    expect(whole.indices).toHaveLength(6);
    expect(segments(whole)).toEqual([]);
    const sliver = make(filled(path([Verb.move, 0, 0], [Verb.line, 5, 0], [Verb.line, 5, 0.001], [Verb.line, 0, 0.001], [Verb.close])), { styles: [fill] });
    expect(segments(sliver).length).toBeGreaterThan(0);
  });
  it("draws glyphs by their outlines, and bars where nobody could read them", () => {
    const more = { styles: [text], glyphs: [glyph], strings: "abc" };
    const large = make(glyphs(1, 2, 4, 1, 0, 3), more);
    expect(vertices(large).map(([x, y]) => [Number(x.toFixed(4)), Number(y.toFixed(4))])).toEqual(expect.arrayContaining([[1, 2], [3.4, 2], [3.4, 4.4], [1, 4.4]]));
    const small = make(glyphs(1, 2, 0.05, 3, 0, 3), more);
    expect(small.indices).toHaveLength(0);
    expect(segments(small)).toHaveLength(1);
    expect(small.looks.at(-1)).toMatchObject({ faint: true });
  });
  it("draws translucent things apart and in their turn", () => {
    const styles = [stroke, { kind: StyleKind.fill, color: 0x80112233 }];
    const runs = [{ words: filled(square(0, 0, 5), 1) }, { words: line(0, 0, 5, 5) }, { words: filled(square(1, 1, 5), 1) }];
    const { groups } = maker_of(runs, { styles }).make({ id: 1, region: kRegion, scale: 20 });
    expect(groups.map((group) => [group.kind, group.translucent])).toEqual([[Kind.segments, false], [Kind.triangles, true]]);
    expect(groups[1]!.count).toBe(12);
  });
  it("draws gradients with their colors", () => {
    const outline = square(0, 0, 5);
    const words = [op(Op.style, 0), op(Op.gradient_fill, 9 + outline.length), (2 << 1) | 1, ...[1, 2, 3, 2].map(float), float(0), 0xff0000ff, float(1), 0xff00ff00, ...outline];
    const tile = make(words, { styles: [fill] });
    expect(tile.groups).toMatchObject([{ kind: Kind.gradient, translucent: false, gradient: { radial: true, from: [1, 2], to: [3, 2], row: 0 } }]);
    expect(Array.from(tile.ramps.subarray(0, 4))).toEqual([255, 0, 0, 255]);
    expect(Array.from(tile.ramps.subarray(1020))).toEqual([0, 255, 0, 255]);
  });
  it("tells clips with what they lie in, once", () => {
    const clips = [{ words: square(-5, -5, 10) }, { parent: 0, words: square(0, 0, 2) }];
    const maker = maker_of([{ clip: 1, words: line(0, 0, 1, 1) }, { words: line(0, 0, 1, 1) }], { clips });
    const first = maker.make({ id: 1, region: kRegion, scale: 20 });
    expect(first.groups.map((group) => group.clip)).toEqual([1, kNone]);
    expect(first.clips.map(({ id, parent }) => [id, parent])).toEqual([[0, kNone], [1, 0]]);
    expect(first.clips[1]!.vertices).toHaveLength(12);
    expect(maker.make({ id: 2, region: kRegion, scale: 20 }).clips).toEqual([]);
  });
  it("frames pictures and tells their names", () => {
    const words = [op(Op.image, 8), ...[0, 0, 4, 0, 0, 3].map(float), 0, 11];
    const tile = make(words, { strings: "pics\\a.jpg." });
    expect(segments(tile)).toHaveLength(6);
    expect(tile.captions).toMatchObject([{ x: 2, y: 1.5, width: 4, height: 3, text: "a.jpg." }]);
  });
  it("of one entity has that alone", () => {
    const maker = maker_of([{ words: line(0, 0, 1, 1) }, { words: line(0, 0, 2, 2) }]);
    expect(segments(maker.make({ id: 1, region: kRegion, scale: 20, only: [1] })).map((one) => one.ends)).toEqual([[0, 0, 2, 2]]);
  });
});
