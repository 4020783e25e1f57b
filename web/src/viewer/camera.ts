// SPDX-License-Identifier: Apache-2.0
// What part of the sheet is seen, in doubles: pixels are of the screen, y down, from the top left of the picture.
import type { Point } from "./measure";
import type { Box } from "./scene/head";

export interface Camera {
  // The sheet's point in the middle.
  x: number;
  y: number;
  // Pixels per unit.
  scale: number;
  width: number;
  height: number;
}

// As the preview has it, on each side of the longer one.
export const kMargin = 0.02;

export const to_px = (c: Camera, p: Point): Point => ({ x: c.width / 2 + (p.x - c.x) * c.scale, y: c.height / 2 - (p.y - c.y) * c.scale });
export const to_sheet = (c: Camera, p: Point): Point => ({ x: c.x + (p.x - c.width / 2) / c.scale, y: c.y - (p.y - c.height / 2) / c.scale });

export function visible(c: Camera): Box {
  const half_x = c.width / 2 / c.scale;
  const half_y = c.height / 2 / c.scale;
  return { min_x: c.x - half_x, min_y: c.y - half_y, max_x: c.x + half_x, max_y: c.y + half_y };
}

export function fit(box: Box, width: number, height: number, margin = kMargin): Camera {
  const room = 1 - 2 * margin;
  const w = box.max_x - box.min_x;
  const h = box.max_y - box.min_y;
  // Below this the box is a point: any scale shows it.
  const scale = Math.max(w, h) < 1e-50 ? Math.min(width, height) * room : Math.min((width * room) / w, (height * room) / h);
  return { x: box.min_x / 2 + box.max_x / 2, y: box.min_y / 2 + box.max_y / 2, scale, width, height };
}

// As fit(), in the part of the picture above what covers its lowest pixels, at no larger scale than `most`.
export function fit_above(box: Box, width: number, height: number, covered: number, margin: number, most: number): Camera {
  const { x, y, scale: all } = fit(box, width, Math.max(1, height - covered), margin);
  const scale = Math.min(all, most);
  return { x, y: y - covered / 2 / scale, scale, width, height };
}

// The sheet's point under `at` stays under it.
export function zoomed(c: Camera, factor: number, at: Point, least: number, most: number): Camera {
  const scale = Math.min(most, Math.max(least, c.scale * factor));
  const fixed = to_sheet(c, at);
  return { ...c, scale, x: fixed.x - (at.x - c.width / 2) / scale, y: fixed.y + (at.y - c.height / 2) / scale };
}

// By whole pixels, so that what has been drawn can be moved along.
export const panned = (c: Camera, dx: number, dy: number): Camera => ({ ...c, x: c.x - Math.round(dx) / c.scale, y: c.y + Math.round(dy) / c.scale });

// A camera that somebody asks for, brought to where there is something to compute with: `full` sees all of the sheet.
const kAway = 1e3; // sheets
export function reasonable(c: Camera, full: Camera, least: number, most: number): Camera {
  const away = (kAway * Math.max(full.width, full.height)) / full.scale;
  const near = (value: number, middle: number) => Math.min(middle + away, Math.max(middle - away, value));
  return { ...c, x: near(c.x, full.x), y: near(c.y, full.y), scale: Math.min(most, Math.max(least, c.scale)) };
}
