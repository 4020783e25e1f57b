// SPDX-License-Identifier: Apache-2.0
// The drawing is drawn for white paper, as its preview is. On dark paper grays change places, and dark colors get lighter.
export type Paper = "light" | "dark";

type Rgb = readonly [number, number, number];
const kPapers: Record<Paper, Rgb> = { light: [255, 255, 255], dark: [22, 26, 33] };
const kDarkInk = 236;
const kLeastLight = 110;
const kGraySlack = 12;
const kInkShare = 0.45; // of a bar that stands for text

export const paper_color = (paper: Paper): [number, number, number] => kPapers[paper].map((v) => v / 255) as [number, number, number];

const unpack = (color: number): [number, number, number] => [color & 255, (color >>> 8) & 255, (color >>> 16) & 255];
const pack = (rgb: readonly number[], alpha: number) => (Math.round(rgb[0]!) | (Math.round(rgb[1]!) << 8) | (Math.round(rgb[2]!) << 16) | (alpha << 24)) >>> 0;

export function color_on(paper: Paper, color: number): number {
  if (paper === "light") return color;
  const rgb = unpack(color);
  const alpha = color >>> 24;
  const most = Math.max(...rgb);
  if (most - Math.min(...rgb) <= kGraySlack) {
    const share = most / 255;
    return pack(kPapers.dark.map((dark) => kDarkInk + (dark - kDarkInk) * share), alpha);
  }
  const light = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
  if (light >= kLeastLight) return color;
  const lift = (kLeastLight - light) / (255 - light);
  return pack(rgb.map((v) => v + (255 - v) * lift), alpha);
}

export function faint_on(paper: Paper, color: number): number {
  const ground = kPapers[paper];
  return pack(unpack(color).map((v, i) => ground[i]! + (v - ground[i]!) * kInkShare), color >>> 24);
}
