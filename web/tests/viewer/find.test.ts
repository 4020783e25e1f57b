// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";

import { angle_of, area_of, crosses_itself, length_of, perimeter_of } from "../../src/viewer/measure";
import { pick } from "../../src/viewer/pick";
import { Verb } from "../../src/viewer/scene/format";
import { crossing, digits_of, rounded, snap } from "../../src/viewer/snap";
import { ClipMeshes } from "../../src/viewer/worker/clip_meshes";
import { Features } from "../../src/viewer/worker/features";
import { entity_with_handle, search } from "../../src/viewer/worker/search";
import { circle, everything, fill, filled, glyph, glyphs, line, loaded, scene_of, square, stroke, stroked, text } from "./samples";
import { path, scene_bytes, type SceneOf } from "./scene_builder";

function features_of(runs: Parameters<typeof scene_of>[0], more: Partial<SceneOf> = {}) {
  const { tables, chunks } = loaded(scene_of(runs, more));
  return new Features(tables, chunks, new ClipMeshes(tables));
}
const spot = (x: number, y: number, radius: number, hidden: number[] = []) => ({ x, y, radius, hidden });

describe("picking", () => {
  const styles = [stroke, fill, text];
  const drawing = features_of([{ words: filled(square(0, 0, 10), 1) }, { words: line(0, 5, 10, 5) }, { words: glyphs(20, 20, 2, 3, 0, 3, 2) }, { layer: 1, words: stroked(circle(40, 0, 5)) }], { styles, glyphs: [glyph], strings: "abc", layers: ["a", "b"] });
  const at = (x: number, y: number, radius: number, hidden: number[] = []) => pick(drawing.near(spot(x, y, radius, hidden)), radius);
  it("prefers a line that is near to the area around", () => {
    expect(at(5, 5.1, 0.2)).toBe(1);
    expect(at(5, 8, 0.2)).toBe(0);
  });
  it("finds text in its box", () => {
    expect(at(22, 20.5, 0.1)).toBe(2);
  });
  it("finds a curve on it, not within it", () => {
    expect(at(40 + 5 * Math.SQRT1_2, 5 * Math.SQRT1_2, 0.05)).toBe(3);
    expect(at(40, 0, 0.5)).toBeUndefined();
  });
  it("finds nothing on hidden layers", () => {
    expect(at(45, 0, 0.1)).toBe(3);
    expect(at(45, 0, 0.1, [1])).toBeUndefined();
  });
  it("takes what was drawn last among equals", () => {
    const twice = features_of([{ words: line(0, 0, 1, 0) }, { words: line(0, 0, 1, 0) }]);
    expect(pick(twice.near(spot(0.5, 0, 0.1)), 0.1)).toBe(1);
  });
  it("reaches a pen's whole width", () => {
    const wide = features_of([{ words: line(0, 0, 10, 0) }], { styles: [{ ...stroke, width_units: 4 }] });
    expect(pick(wide.near(spot(5, 1.9, 0.05)), 0.05)).toBe(0);
    expect(pick(wide.near(spot(5, 2.2, 0.05)), 0.05)).toBeUndefined();
  });
  it("finds nothing outside of a clip", () => {
    const clipped = features_of([{ clip: 1, words: line(-20, 0, 20, 0) }], { clips: [{ words: square(-5, -5, 10) }, { parent: 0, words: square(0, -5, 10) }] });
    expect(pick(clipped.near(spot(2, 0, 0.1)), 0.1)).toBe(0);
    expect(pick(clipped.near(spot(-2, 0, 0.1)), 0.1)).toBeUndefined();
    expect(pick(clipped.near(spot(7, 0, 0.1)), 0.1)).toBeUndefined();
  });
});

describe("snapping", () => {
  const drawing = features_of([{ words: line(0, 0, 10, 0) }, { words: line(4, -4, 4, 6) }, { words: stroked(circle(30, 0, 2)) }]);
  const at = (x: number, y: number, radius = 0.5) => {
    const found = snap(drawing.near(spot(x, y, radius)), radius);
    return found && { kind: found.kind, x: Number((found.x + x).toFixed(6)), y: Number((found.y + y).toFixed(6)) };
  };
  it("catches ends, middles and crossings", () => {
    expect(at(0.2, 0.1)).toEqual({ kind: "end", x: 0, y: 0 });
    expect(at(5.1, 0.2)).toEqual({ kind: "middle", x: 5, y: 0 });
    expect(at(4.2, 0.3)).toEqual({ kind: "intersection", x: 4, y: 0 });
  });
  it("catches a circle's center, near it as well as on the circle", () => {
    expect(at(30.1, 0.1)).toEqual({ kind: "center", x: 30, y: 0 });
    expect(at(30, 2.1, 2.5)).toEqual({ kind: "center", x: 30, y: 0 });
  });
  it("takes the nearest point of a line where nothing is exact", () => {
    expect(at(7.5, 0.2)).toEqual({ kind: "nearest", x: 7.5, y: 0 });
    const on_circle = at(30 - 2.1 * Math.SQRT1_2, 2.1 * Math.SQRT1_2, 0.3);
    expect(on_circle?.kind).toBe("nearest");
    expect(Math.hypot(on_circle!.x - 30, on_circle!.y)).toBeCloseTo(2, 1);
  });
  it("catches nothing out of reach", () => {
    expect(at(7.5, 3)).toBeUndefined();
  });
  it("does not take the pieces of a curve for ends", () => {
    const arc = features_of([{ words: stroked(path([Verb.move, 10, 0], [Verb.arc, 0, 0, 10, 0, 0, 10, 0, Math.PI / 2])) }]);
    for (let angle = 0.2; angle < 1.4; angle += 0.05) {
      const x = 10 * Math.cos(angle);
      const y = 10 * Math.sin(angle);
      expect(snap(arc.near(spot(x, y, 0.3)), 0.3)?.kind).toBe("nearest");
    }
  });
  it("gives no more digits than the scene has", () => {
    const of_size = (size: number, origin = 0) => digits_of({ origin_x: origin, origin_y: 0, box: { min_x: origin, min_y: 0, max_x: origin + size, max_y: 0 } });
    expect(rounded(Math.fround(10_000.1), of_size(20_000))).toBe(10_000.1);
    expect(of_size(1)).toBe(7);
    expect(of_size(1e30)).toBe(0);
    // However far away it lies: floats count from the chunk's origin.
    expect(of_size(1, 1e9)).toBe(7);
  });
  it("knows where segments cross", () => {
    expect(crossing([0, 0, 2, 2], [0, 2, 2, 0])).toEqual([1, 1]);
    expect(crossing([0, 0, 1, 1], [0, 3, 3, 0])).toBeUndefined();
    expect(crossing([0, 0, 1, 0], [0, 1, 1, 1])).toBeUndefined();
  });
});

describe("measuring", () => {
  const square_at = (x: number, y: number, size: number) => [{ x, y }, { x: x + size, y }, { x: x + size, y: y + size }, { x, y: y + size }];
  it("adds up lengths and areas", () => {
    expect(length_of([{ x: 0, y: 0 }, { x: 3, y: 4 }, { x: 3, y: 10 }])).toBe(11);
    expect(perimeter_of(square_at(0, 0, 2))).toBe(8);
    expect(area_of(square_at(0, 0, 2))).toBe(4);
    expect(area_of([...square_at(0, 0, 2)].reverse())).toBe(4);
    expect(area_of([{ x: 1, y: 1 }])).toBe(0);
  });
  it("knows an outline that crosses itself", () => {
    const corners = (...pairs: [number, number][]) => pairs.map(([x, y]) => ({ x, y }));
    expect(crosses_itself(corners([0, 0], [100, 100], [100, 0], [0, 100]))).toBe(true);
    expect(crosses_itself(corners([0, 0], [100, 0], [100, 100], [0, 100]))).toBe(false);
    expect(crosses_itself(corners([0, 0], [4, 0], [4, 4], [2, 1], [0, 4]))).toBe(false);
    expect(crosses_itself(corners([0, 0], [4, 0], [4, 0]))).toBe(false);
  });
  it("is exact far from the origin", () => {
    expect(area_of(square_at(1e9, -4e9, 0.5))).toBe(0.25);
  });
  it("tells angles counter-clockwise from the x axis", () => {
    expect(angle_of({ x: 1, y: 1 }, { x: 1, y: 5 })).toBe(90);
    expect(angle_of({ x: 0, y: 0 }, { x: 1, y: -1 })).toBe(315);
  });
});

describe("searching", () => {
  const drawing = () =>
    loaded(
      scene_bytes({
        styles: [text],
        glyphs: [glyph],
        strings: "Living roomKüche",
        entities: [
          { handle: 0x1f, box: everything, runs: [{ words: glyphs(0, 0, 1, 2, 0, 6) }, { words: glyphs(0, -2, 1, 2, 7, 4) }] },
          { handle: 0x30, box: everything, runs: [{ words: [...glyphs(0, 0, 1, 2, 11, 3), ...glyphs(2.1, 0, 1, 2, 14, 3)] }] },
          { handle: 2 ** 40 + 5, box: everything, runs: [{ words: glyphs(0, 0, 1, 2, 11, 6) }] },
        ],
      }),
    );
  it("finds text in any case and across an entity's lines", () => {
    const { tables, chunks } = drawing();
    expect(search(tables, chunks, "living ROOM").map((one) => [one.handle, one.text])).toEqual([["1F", "Living room"]]);
    expect(search(tables, chunks, "KÜCHE").map((one) => one.number)).toEqual([1, 2]);
    expect(search(tables, chunks, "küche")[0]!.text).toBe("Küche");
    expect(search(tables, chunks, "livingroom")).toHaveLength(1);
    expect(search(tables, chunks, "bath")).toEqual([]);
  });
  it("finds entities by handles of any size", () => {
    const { tables } = drawing();
    expect(entity_with_handle(tables, "10000000005")?.number).toBe(2);
    expect(entity_with_handle(tables, "1F")?.number).toBe(0);
    expect(entity_with_handle(tables, "20")).toBeUndefined();
    expect(entity_with_handle(tables, "no handle")).toBeUndefined();
  });
});
