// SPDX-License-Identifier: Apache-2.0
// How wide a pen in mm is on the screen, as src/render/png_sink.cpp has it.
import { type Camera, kMargin } from "./camera";
import type { Pens } from "./gl/painter";
import type { Box } from "./scene/head";

// Model space has no paper: its longer side counts as A3's.
const kAssumedPaperMm = 420;
// The scene does not say what a paper sheet is measured in. No sheet in millimeters is this small, and none in inches larger.
const kLargestInches = 75;
const kMmPerInch = 25.4;

// `full` is the scale at which all of the sheet is seen.
export function pens_of(camera: Camera, view: Box | undefined, full: number, is_model: boolean): Pens {
  const longer = view ? Math.max(view.max_x - view.min_x, view.max_y - view.min_y) : 1;
  // Pixels of the longer side of a picture at a scale.
  const side = (scale: number) => (longer * scale) / (1 - 2 * kMargin);
  if (is_model) return { px_per_mm: side(full) / kAssumedPaperMm, most_px: Math.max(2, side(full) / 64) };
  const mm_per_unit = longer < kLargestInches ? kMmPerInch : 1;
  return { px_per_mm: camera.scale / mm_per_unit, most_px: Math.max(2, side(camera.scale) / 64) };
}
