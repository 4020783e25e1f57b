// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";

import { read_link, view_of, write_link } from "../../src/pages/view/deep_link";
import { fit, fit_above, panned, reasonable, to_px, to_sheet, visible, zoomed } from "../../src/viewer/camera";
import { format_coordinate, format_number } from "../../src/viewer/format";
import { uncovered } from "../../src/viewer/gl/painting";
import { color_on, faint_on } from "../../src/viewer/gl/paper";
import { pens_of } from "../../src/viewer/pens";
import { rect_of, TileGrid } from "../../src/viewer/tile_grid";

describe("the camera", () => {
  const box = { min_x: 100, min_y: 200, max_x: 300, max_y: 250 };
  it("fits a box as the preview does", () => {
    const camera = fit(box, 1000, 800);
    expect(camera).toMatchObject({ x: 200, y: 225 });
    expect(camera.scale).toBeCloseTo(960 / 200);
  });
  it("fits a box above what is covered, where it can be seen, and not larger than asked", () => {
    const camera = fit_above(box, 1000, 800, 300, 0.1, 1e6);
    expect(camera.scale).toBeCloseTo(800 / 200);
    expect(to_px(camera, { x: 200, y: 225 })).toEqual({ x: 500, y: 250 });
    expect(fit_above(box, 1000, 800, 300, 0.1, 2).scale).toBe(2);
    expect(to_px(fit_above(box, 1000, 800, 300, 0.1, 2), { x: 200, y: 225 }).y).toBeCloseTo(250);
  });
  it("is brought back from where nobody could have gone", () => {
    const full = fit(box, 1000, 800);
    const far = reasonable({ ...full, x: 1e308, y: -1e308, scale: 1e300 }, full, 1, 1e8);
    expect(far.scale).toBe(1e8);
    expect(Math.abs(far.x)).toBeLessThan(1e6);
    expect(Math.abs(far.y)).toBeLessThan(1e6);
    expect(reasonable({ ...full, x: 123, scale: 50 }, full, 1, 1e8)).toEqual({ ...full, x: 123, scale: 50 });
  });
  it("shows a point at some scale", () => {
    expect(Number.isFinite(fit({ min_x: 5, min_y: 5, max_x: 5, max_y: 5 }, 100, 100).scale)).toBe(true);
  });
  it("goes there and back, far from the origin, too", () => {
    const camera = { x: 3.5e8, y: -1e9, scale: 1e4, width: 1440, height: 900 };
    const back = to_sheet(camera, to_px(camera, { x: 3.5e8 + 0.01, y: -1e9 - 0.02 }));
    expect(back.x - 3.5e8).toBeCloseTo(0.01, 6);
    expect(back.y + 1e9).toBeCloseTo(-0.02, 6);
  });
  it("keeps the point under the pointer while it zooms", () => {
    const camera = fit(box, 1000, 800);
    const at = { x: 123, y: 456 };
    const before = to_sheet(camera, at);
    const after = to_sheet(zoomed(camera, 7, at, 0, Infinity), at);
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
    expect(zoomed(camera, 1e9, at, 0, 50).scale).toBe(50);
  });
  it("pans by whole pixels", () => {
    const camera = fit(box, 1000, 800);
    const moved = panned(camera, 10.4, -3);
    expect(to_px(moved, camera).x - to_px(camera, camera).x).toBeCloseTo(10, 9);
    expect(to_px(moved, camera).y - to_px(camera, camera).y).toBeCloseTo(-3, 9);
  });
});

describe("the grid", () => {
  it("covers the view without gap or overlap, at any scale", () => {
    for (const scale of [0.013, 0.5, 1, 1.7, 300, 12345]) {
      const camera = { x: 1234.5, y: -987.6, scale, width: 640, height: 480 };
      const hits = new Uint8Array(640 * 480);
      const places = new TileGrid({ x: 1000, y: -1000 }).places(camera);
      for (const { region, scale: level } of places) {
        const { x, y, width, height } = rect_of(camera, region);
        expect(width).toBeLessThanOrEqual(513);
        expect(width).toBeGreaterThanOrEqual(255);
        expect(level / scale).toBeGreaterThanOrEqual(0.75);
        expect(level / scale).toBeLessThan(1.5);
        for (let v = Math.max(0, y); v < Math.min(480, y + height); ++v) for (let u = Math.max(0, x); u < Math.min(640, x + width); ++u) ++hits[v * 640 + u]!;
      }
      expect(hits.every((count) => count === 1), `scale ${scale}`).toBe(true);
    }
  });
  it("begins in the middle", () => {
    const camera = { x: 0, y: 0, scale: 1, width: 2000, height: 2000 };
    const [first] = new TileGrid({ x: 256, y: 256 }).places(camera);
    expect(visible(camera)).toMatchObject({ min_x: -1000 });
    expect(first!.region).toEqual({ min_x: -256, min_y: -256, max_x: 256, max_y: 256 });
  });
});

describe("a picture that has moved", () => {
  const all = { x: 0, y: 0, width: 100, height: 80 };
  it.each([
    [10, 0],
    [-10, 0],
    [0, 7],
    [0, -7],
    [10, 7],
    [-10, -7],
    [10, -7],
  ])("by %i, %i leaves free exactly what it does not cover", (dx, dy) => {
    const hits = new Uint8Array(8000);
    for (const { x, y, width, height } of [...uncovered(all, dx, dy), { x: Math.max(0, dx), y: Math.max(0, dy), width: 100 - Math.abs(dx), height: 80 - Math.abs(dy) }])
      for (let v = y; v < y + height; ++v) for (let u = x; u < x + width; ++u) ++hits[v * 100 + u]!;
    expect(hits.every((count) => count === 1)).toBe(true);
  });
});

describe("pens", () => {
  const view = { min_x: 0, min_y: 0, max_x: 1000, max_y: 500 };
  const camera = (scale: number) => ({ x: 0, y: 0, scale, width: 1024, height: 512 });
  it("of model space are as wide as on A3, however near one looks", () => {
    const full = (2048 * 0.96) / 1000;
    expect(pens_of(camera(full), view, full, 0).px_per_mm).toBeCloseTo(2048 / 420);
    expect(pens_of(camera(full * 50), view, full, 0)).toEqual(pens_of(camera(full), view, full, 0));
  });
  it("of paper have their true width", () => {
    expect(pens_of(camera(4), { ...view, max_x: 420, max_y: 297 }, 2, 1).px_per_mm).toBe(4);
    expect(pens_of(camera(50.8), { ...view, max_x: 17, max_y: 11 }, 2, 25.4).px_per_mm).toBeCloseTo(2);
  });
});

describe("dark paper", () => {
  it("turns black and white around, and keeps what shows on it", () => {
    expect(color_on("dark", 0xff000000) & 255).toBeGreaterThan(200);
    expect(color_on("dark", 0xffffffff) & 255).toBeLessThan(40);
    expect(color_on("dark", 0xff00ff00)).toBe(0xff00ff00);
    expect(color_on("light", 0xff123456)).toBe(0xff123456);
  });
  it("lightens dark colors and keeps their transparency", () => {
    const blue = color_on("dark", 0x80ff0000);
    expect(blue >>> 24).toBe(0x80);
    expect(blue & 255).toBeGreaterThan(40);
  });
  it("fades toward the paper", () => {
    expect(faint_on("light", 0xff000000) & 255).toBe(Math.round(255 * 0.55));
  });
});

describe("a link", () => {
  const link = { sheet: 2, at: { x: 1234.5, y: -0.25, scale: 3 }, select: "2FA", hidden: [7, 3], paper: "dark" as const };
  it("says again what it was made of", () => {
    expect(read_link(write_link(link))).toEqual({ ...link, hidden: [3, 7] });
    expect(write_link({ sheet: 0, hidden: [], paper: "light" })).toBe("");
    expect(view_of("job_1")).toBe("/drawings/job_1/view");
    expect(read_link(new URL(view_of("job_1", 2, "B1"), "https://example.com").hash)).toMatchObject({ sheet: 2, select: "B1" });
  });
  it("that cannot be understood says nothing", () => {
    for (const hash of ["#sheet=-1&at=a,b,c&select=<script>&hide=x,-2,1.5&paper=pink", "#at=1,2,0", "#at=1,2", "", "#&&&="]) expect(read_link(hash), hash).toEqual({ sheet: 0, hidden: [], paper: "light" });
  });
});

describe("numbers", () => {
  it("have the digits that say something", () => {
    expect(format_number(1234567.891234)).toBe("1,234,567.9");
    expect(format_number(0.000123456)).toBe("0.000123456");
    expect(format_number(0.0000015)).toBe("0.0000015");
    expect(format_number(1e15)).toBe("1.0000e+15");
    expect(format_number(NaN)).toBe("–");
  });
  it("of a place have as many as a pixel tells apart", () => {
    expect(format_coordinate(1.23456, 0.05)).toBe("1");
    expect(format_coordinate(1.23456, 150)).toBe("1.235");
  });
});
