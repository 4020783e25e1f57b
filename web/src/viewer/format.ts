// SPDX-License-Identifier: Apache-2.0
// Numbers of a drawing: as many digits as say something, none in exponents as long as they can be read.
import { area_of, crosses_itself, type Point } from "./measure";

const kDigits = 8;

export function format_number(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1e12 || (size > 0 && size < 1e-6)) return value.toExponential(4);
  if (size < 1) return value.toLocaleString("en-US", { maximumSignificantDigits: 6 });
  const whole = Math.max(1, Math.ceil(Math.log10(size + 1)));
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.min(6, Math.max(0, kDigits - whole)) });
}

export const format_length = (value: number, unit: string) => `${format_number(value)} ${unit}`;
// Of a polygon that somebody draws.
export const format_area_of = (points: readonly Point[], unit: string) => (crosses_itself(points) ? "crosses itself" : `${format_number(area_of(points))} ${unit}²`);

// Coordinates of a status line: steady while the pointer moves. A pixel decides how many digits there are.
export function format_coordinate(value: number, scale: number): string {
  return value.toFixed(Math.min(8, Math.max(0, Math.ceil(Math.log10(scale)))));
}
