// SPDX-License-Identifier: Apache-2.0
// What the page and the worker say to each other. The worker has the scene; the page has what it shows.
import type { Box } from "../scene/head";
import type { Layer } from "../scene/tables";

// A square of the sheet at a range of scales. `id` names it in answers.
export interface TileRequest {
  id: number;
  region: Box;
  // Pixels per unit that it must do for.
  scale: number;
  // Its geometry alone (numbers of entities in the scene); all when absent.
  only?: number[];
}

// How a primitive looks: what the GPU needs of a style, and the layer that hides it.
export interface Look {
  color: number;
  width_mm: number;
  width_units: number;
  // Text too small to read: a bar that is fainter than its color.
  faint: boolean;
  layer: number;
}

export const Kind = { segments: 0, triangles: 1, gradient: 2, dots: 3 } as const;

// Consecutive primitives of a tile that are drawn alike.
export interface Group {
  kind: number;
  clip: number;
  // Segments and dots: numbers of those; else of indices.
  first: number;
  count: number;
  // Blended over what is there, so it is drawn in its turn.
  translucent: boolean;
  gradient?: { radial: boolean; from: [number, number]; to: [number, number]; row: number };
}

export interface Caption {
  x: number;
  y: number;
  width: number;
  height: number;
  text: string;
  layer: number;
}

export interface ClipMesh {
  id: number;
  parent: number;
  origin_x: number;
  origin_y: number;
  box: Box;
  // Triangles, x, y relative to the origin.
  vertices: Float32Array<ArrayBuffer>;
}

export interface TileData {
  id: number;
  origin_x: number;
  origin_y: number;
  // 8 words each: f32 x0, y0, x1, y1, z; u32 look and flags; i16 x 2 skews; 0.
  segments: Uint32Array<ArrayBuffer>;
  // 4 words each: f32 x, y, z; u32 look.
  vertices: Uint32Array<ArrayBuffer>;
  indices: Uint32Array<ArrayBuffer>;
  // What is smaller than a pixel. As vertices; how much of the pixel is ink (of 255) in the upper byte of the look.
  dots: Uint32Array<ArrayBuffer>;
  groups: Group[];
  // RGBA rows of 256.
  ramps: Uint8Array<ArrayBuffer>;
  captions: Caption[];
  // Those that were not told before.
  looks: Look[];
  first_look: number;
  clips: ClipMesh[];
}

export interface Opened {
  layers: (Layer & { runs: number })[];
  view: Box | undefined;
  mm_per_unit: number;
  truncated: boolean;
  entities: number;
  primitives: number;
}

export interface EntityInfo {
  // In the scene, and in the sheet's entities[] of the result.
  number: number;
  index: number;
  handle: string;
  layer: number;
  box: Box;
}

export type SnapKind = "end" | "middle" | "center" | "intersection" | "nearest";
export interface Snap {
  kind: SnapKind;
  x: number;
  y: number;
}

export interface Found extends EntityInfo {
  text: string;
}

export interface Spot {
  x: number;
  y: number;
  radius: number;
  hidden: number[];
}

export type ToWorker =
  | { say: "open"; url: string }
  | { say: "renewed"; ok: boolean }
  | { say: "tiles"; wanted: TileRequest[] }
  | { say: "pick"; ask: number; at: Spot }
  | { say: "snap"; ask: number; at: Spot }
  | { say: "entity"; ask: number; handle: string }
  | { say: "search"; ask: number; text: string };

export type FromWorker =
  | { say: "opened"; scene: Opened }
  | { say: "failed"; status: number; code: string; message: string; requestId?: string; fatal: boolean }
  | { say: "renew" }
  | { say: "tile"; tile: TileData }
  | { say: "answer"; ask: number; value: EntityInfo | Snap | Found[] | undefined };
