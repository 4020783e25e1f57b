// SPDX-License-Identifier: Apache-2.0
// The sheet in squares of 256 to 512 pixels: a level for every doubling of the scale.
import { type Camera, to_px, visible } from "./camera";
import type { Rect } from "./gl/target";
import type { Point } from "./measure";
import type { Box } from "./scene/head";

const kTilePx = 512;

export interface Place {
  key: string;
  region: Box;
  // Pixels per unit in the middle of its level.
  scale: number;
}

export class TileGrid {
  // Squares are counted from here, so that numbers stay small.
  constructor(private readonly origin: Point) {}

  // Those that `camera` sees, from the middle outward.
  places(camera: Camera): Place[] {
    const level = Math.ceil(Math.log2(camera.scale));
    const size = kTilePx / 2 ** level;
    const seen = visible(camera);
    const column = (x: number) => Math.floor((x - this.origin.x) / size);
    const row = (y: number) => Math.floor((y - this.origin.y) / size);
    const places: (Place & { from_middle: number })[] = [];
    for (let j = row(seen.min_y); j <= row(seen.max_y); ++j)
      for (let i = column(seen.min_x); i <= column(seen.max_x); ++i) {
        // Neighbors compute their common edge alike, to the last bit.
        const { x, y } = this.origin;
        const region = { min_x: x + i * size, min_y: y + j * size, max_x: x + (i + 1) * size, max_y: y + (j + 1) * size };
        const from_middle = Math.hypot(region.min_x + size / 2 - camera.x, region.min_y + size / 2 - camera.y);
        places.push({ key: `${level}:${i}:${j}`, region, scale: 0.75 * 2 ** level, from_middle });
      }
    return places.sort((a, b) => a.from_middle - b.from_middle);
  }
}

// The pixels of a square. Neighbors share none and leave none out.
export function rect_of(camera: Camera, { min_x, min_y, max_x, max_y }: Box): Rect {
  const a = to_px(camera, { x: min_x, y: max_y });
  const b = to_px(camera, { x: max_x, y: min_y });
  const x = Math.round(a.x);
  const y = Math.round(a.y);
  return { x, y, width: Math.round(b.x) - x, height: Math.round(b.y) - y };
}
