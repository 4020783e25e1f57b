// SPDX-License-Identifier: Apache-2.0
// How wide a pen in mm is on the screen, as src/render/png_sink.cpp has it.
import { type Camera, kMargin } from "./camera";
import type { Pens } from "./gl/painter";
import type { Box } from "./scene/head";

// Model space has no paper: its longer side counts as A3's.
const kAssumedPaperMm = 420;

// `full` is the scale at which all of the sheet is seen; `mm_per_unit` is the scene's.
export function pens_of(camera: Camera, view: Box | undefined, full: number, mm_per_unit: number): Pens {
  const longer = view ? Math.max(view.max_x - view.min_x, view.max_y - view.min_y) : 1;
  // Pixels of the longer side of a picture at a scale.
  const side = (scale: number) => (longer * scale) / (1 - 2 * kMargin);
  if (mm_per_unit === 0) return { px_per_mm: side(full) / kAssumedPaperMm, most_px: Math.max(2, side(full) / 64) };
  return { px_per_mm: camera.scale / mm_per_unit, most_px: Math.max(2, side(camera.scale) / 64) };
}
