// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";

import { plan_fetches } from "../../src/viewer/scene/chunks";
import { DamagedScene, kHeadBytes, kNone, Op, StyleKind, Verb } from "../../src/viewer/scene/format";
import { read_head } from "../../src/viewer/scene/head";
import { total_of } from "../../src/viewer/worker/source";
import { circle, everything, filled, glyph, glyphs, line, loaded, scene_of, square, stroke, text } from "./samples";
import { float, op, path, scene_bytes, tables_of } from "./scene_builder";

const rich = () =>
  scene_bytes({
    origin: [1e6, -2e6],
    layers: ["walls", "text"],
    styles: [stroke, { kind: StyleKind.fill, even_odd: true }, text],
    clips: [{ words: square(-5, -5, 10) }, { parent: 0, words: circle(0, 0, 4) }],
    glyphs: [glyph],
    strings: "Hall",
    entities: [
      { handle: 0x2f, box: everything, runs: [{ layer: 0, clip: 1, words: line(0, 0, 3, 4) }] },
      { handle: 0x30, box: everything, runs: [{ layer: 1, words: [...filled(square(0, 0, 2), 1), ...glyphs(1, 2, 3, 4, 0, 4, 2)] }] },
    ],
  });

describe("a scene", () => {
  it("is read as it was written", () => {
    const { tables, chunks } = loaded(rich());
    expect(tables.head).toMatchObject({ origin_x: 1e6, origin_y: -2e6, truncated: false, view: { min_x: 1e6 - 50, max_y: -2e6 + 50 } });
    expect(tables.layers.map((layer) => layer.name)).toEqual(["walls", "text"]);
    expect(tables.styles.map((style) => [style.kind, style.even_odd])).toEqual([[1, false], [2, true], [3, false]]);
    expect(tables.clips.map((clip) => clip.parent)).toEqual([kNone, 0]);
    expect(tables.chunks[0]!.box.max_x).toBe(1e6 + 1000);
    expect(Array.from(chunks.entity_of)).toEqual([0, 1]);
    expect(chunks.words_of(0)!.floats[4]).toBe(3);
  });

  it("tells when a limit cut it short", () => {
    expect(tables_of(scene_bytes({ truncated: true })).head.truncated).toBe(true);
    expect(tables_of(scene_bytes({ mm_per_unit: 25.4 })).head.mm_per_unit).toBe(25.4);
    for (const mm_per_unit of [-1, Infinity, NaN]) expect(() => tables_of(scene_bytes({ mm_per_unit }))).toThrow("its unit");
  });

  it("is refused at any length but its own", () => {
    const whole = rich();
    for (const bytes of [0, 100, kHeadBytes - 1, kHeadBytes, whole.byteLength - 8]) expect(() => tables_of(whole.slice(0, bytes)), `${bytes}`).toThrow(DamagedScene);
  });

  it("is refused in another version", () => {
    const bytes = rich();
    new DataView(bytes).setUint16(4, 2, true);
    expect(() => read_head(bytes, bytes.byteLength)).toThrow("its version 2 is not known");
  });

  it("never surprises, whichever byte is wrong", () => {
    const whole = rich();
    for (let at = 0; at < whole.byteLength; ++at)
      for (const value of [0, 1, 0x7f, 0xff]) {
        const bytes = whole.slice(0);
        new Uint8Array(bytes)[at] = value;
        try {
          loaded(bytes);
        } catch (error) {
          expect(error, `byte ${at} as ${value}`).toBeInstanceOf(DamagedScene);
        }
      }
  });
});

describe("an operation is refused", () => {
  const cases: [string, number[]][] = [
    ["without a style", [op(Op.polyline, 2), 0, 0, 0, 0]],
    ["with a style that is not there", [op(Op.style, 9)]],
    ["with a style of another kind", filled(square(0, 0, 1), 0)],
    ["beyond its run", [op(Op.style, 0), op(Op.polyline, 3), 0, 0, 0, 0]],
    ["with one point", [op(Op.style, 0), op(Op.polyline, 1), 0, 0]],
    ["with a point that is no number", [op(Op.style, 0), op(Op.polyline, 2), float(NaN), 0, 0, 0]],
    ["with an infinite point", [op(Op.style, 0), op(Op.polyline, 2), 0, 0, 0, float(-Infinity)]],
    ["with a path that does not begin with a move", [op(Op.style, 0), op(Op.stroke_path, 4), ...path([Verb.line, 1, 2])]],
    ["with a path longer than its words", [op(Op.style, 0), op(Op.stroke_path, 2), 100, 0]],
    ["with an unknown verb", [op(Op.style, 0), op(Op.stroke_path, 2), 1, 9]],
    ["of an unknown code", [op(9, 0)]],
    ["with a glyph that is not there", glyphs(0, 0, 1, 1, 0, 0, 1)],
    ["with a text beyond the strings", [op(Op.style, 1), op(Op.glyphs, 8), ...[1, 0, 0, 1, 0, 0].map(float), 0, 999]],
    ["with more stops than words", [op(Op.style, 2), op(Op.gradient_fill, 6), 100 << 1, 0, 0, 0, 0, 0]],
  ];
  it.each(cases)("%s", (_, words) => {
    expect(() => loaded(scene_of([{ words }], { styles: [stroke, text, { kind: StyleKind.fill }] }))).toThrow("The scene is damaged: chunk 0.");
  });
  it("not when it is right", () => {
    expect(loaded(scene_of([{ words: line(0, 0, 1, 1) }])).chunks.missing([0])).toEqual([]);
  });
});

describe("fetching chunks", () => {
  const chunk = (offset: number, words: number) => ({ origin_x: 0, origin_y: 0, box: { min_x: 0, min_y: 0, max_x: 0, max_y: 0 }, offset, words });
  it("reads neighbors at once, and not what lies far between", () => {
    const chunks = [chunk(0, 10), chunk(40, 10), chunk(80, 1 << 20), chunk(80 + (4 << 20), 5)];
    expect(plan_fetches(chunks, [3, 0, 1])).toEqual([
      { from: 0, to: 80, chunks: [0, 1] },
      { from: 80 + (4 << 20), to: 100 + (4 << 20), chunks: [3] },
    ]);
  });
  it("knows the size from the range that was answered", () => {
    expect(total_of("bytes 0-415/123456")).toBe(123456);
    expect(total_of("bytes 0-415/*")).toBe(0);
    expect(total_of(null)).toBe(0);
  });
});
