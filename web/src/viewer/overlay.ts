// SPDX-License-Identifier: Apache-2.0
// What is drawn over the drawing in two dimensions: measures, the snapped point, names of pictures.
import { type Camera, to_px } from "./camera";
import { format_area_of, format_length } from "./format";
import { length_of, type Point } from "./measure";
import type { ViewerState } from "./state";
import type { Caption, SnapKind } from "./worker/protocol";

export interface Colors {
  accent: string;
  on_accent: string;
  caption: string;
  font: string;
}

const kCaptionPx = 12;

export class Overlay {
  private context: CanvasRenderingContext2D | undefined;
  private empty = true;

  constructor(private readonly canvas: HTMLCanvasElement) {}

  draw(state: ViewerState, captions: readonly Caption[], colors: Colors) {
    const { camera, density } = state;
    const measures = state.tool !== "select";
    // Most views need none of it, and a first text costs a search for its font.
    const nothing = !camera || (captions.length === 0 && !measures);
    if (nothing && this.empty) return;
    const context = (this.context ??= this.canvas.getContext("2d")!);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.empty = nothing;
    if (nothing) return;
    context.textAlign = "center";
    context.textBaseline = "middle";
    if (captions.length > 0) draw_captions(context, camera, captions, density, colors, state.hidden);
    if (measures) draw_measure(context, state, camera, density, colors);
  }
}

function draw_captions(context: CanvasRenderingContext2D, camera: Camera, captions: readonly Caption[], density: number, colors: Colors, hidden: ReadonlySet<number>) {
  context.font = `${kCaptionPx * density}px ${colors.font}`;
  context.fillStyle = colors.caption;
  for (const { x, y, width, height, text, layer } of captions) {
    const room = width * camera.scale;
    if (hidden.has(layer) || height * camera.scale < 3 * kCaptionPx * density || context.measureText(text).width > 0.9 * room) continue;
    const at = to_px(camera, { x, y });
    context.fillText(text, at.x, at.y);
  }
}

function draw_measure(context: CanvasRenderingContext2D, state: ViewerState, camera: Camera, density: number, colors: Colors) {
  const { points, finished, snap, cursor, tool, unit } = state;
  const loose = finished ? undefined : (snap ?? cursor);
  const all = loose && points.length > 0 ? [...points, loose] : points;
  const px = all.map((point) => to_px(camera, point));
  context.lineWidth = 2 * density;
  context.strokeStyle = context.fillStyle = colors.accent;
  if (px.length > 1) {
    context.beginPath();
    px.forEach(({ x, y }, i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    if (tool === "area" && px.length > 2) {
      context.closePath();
      context.globalAlpha = 0.15;
      context.fill();
      context.globalAlpha = 1;
    }
    context.stroke();
  }
  for (const { x, y } of px.slice(0, points.length)) {
    context.beginPath();
    context.arc(x, y, 4 * density, 0, 2 * Math.PI);
    context.fill();
  }
  if (all.length > 1) draw_label(context, px, tool === "area" ? format_area_of(all, unit) : format_length(length_of(all), unit), density, colors);
  if (snap && !finished) draw_snap(context, to_px(camera, snap), snap.kind, density);
}

function draw_label(context: CanvasRenderingContext2D, px: readonly Point[], text: string, density: number, colors: Colors) {
  const last = px.at(-1)!;
  context.font = `600 ${13 * density}px ${colors.font}`;
  const width = context.measureText(text).width + 14 * density;
  const height = 24 * density;
  const x = Math.min(context.canvas.width - width, Math.max(0, last.x + 12 * density));
  const y = Math.min(context.canvas.height - height, Math.max(0, last.y - 32 * density));
  context.fillStyle = colors.accent;
  context.beginPath();
  context.roundRect(x, y, width, height, 6 * density);
  context.fill();
  context.fillStyle = colors.on_accent;
  context.fillText(text, x + width / 2, y + height / 2);
}

// The signs that drafting programs have for them.
function draw_snap(context: CanvasRenderingContext2D, { x, y }: Point, kind: SnapKind, density: number) {
  const r = 7 * density;
  const lines: Record<SnapKind, [number, number][][]> = {
    end: [[[-r, -r], [r, -r], [r, r], [-r, r], [-r, -r]]],
    middle: [[[0, -r], [r, r], [-r, r], [0, -r]]],
    center: [Array.from({ length: 25 }, (_, i) => [r * Math.cos((i * Math.PI) / 12), r * Math.sin((i * Math.PI) / 12)] as [number, number])],
    intersection: [[[-r, -r], [r, r]], [[-r, r], [r, -r]]],
    nearest: [[[-r, -r], [r, -r], [-r, r], [r, r], [-r, -r]]],
  };
  context.beginPath();
  for (const line of lines[kind]) line.forEach(([dx, dy], i) => (i === 0 ? context.moveTo(x + dx, y + dy) : context.lineTo(x + dx, y + dy)));
  context.stroke();
}
