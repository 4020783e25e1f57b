// SPDX-License-Identifier: Apache-2.0
// What pages use of schema/result.schema.json, which has every detail.

export interface Box {
  minX: number | null;
  minY: number | null;
  maxX: number | null;
  maxY: number | null;
}

export interface SizedBox extends Box {
  width: number | null;
  height: number | null;
}

export type Units = "mm" | "cm" | "m" | "inch" | "feet" | "unknown";

export interface Layer {
  name: string;
  color: number;
  colorHex: string;
  lineType: string;
  lineweight: number;
  isVisible: boolean;
  entityCount: number;
}

export interface Sheet {
  name: string;
  key: string;
  index: number;
  entityCount: number;
  layerCount: number;
  boundingBox: SizedBox;
  layers: Layer[];
}

// The result without its entities and blocks.
export interface ResultSummary {
  schemaVersion: string;
  parserVersion: string;
  file: { name: string; format: string; version: string | null; units: Units };
  summary: {
    totalSheets: number;
    totalEntities: number;
    totalLayers: number;
    statistics: { byType: Record<string, number>; byCategory: Record<string, number> };
    boundingBox: SizedBox;
    truncated: boolean;
  };
  metadata: { dwgVersion: string | null; createdDate: string | null; is3D: boolean; unsupported3DCount: number };
  parseInfo: { warnings: string[]; errors: string[]; durationMs?: number };
  sheets: Sheet[];
}

export interface Point {
  x: number;
  y: number;
  z?: number;
}

export interface Entity {
  id: string;
  handle: string | null;
  type: string;
  category: string;
  layer: string;
  layout: string | null;
  geometry: Record<string, unknown>;
  text: { value: string; height: number; style: string | null } | null;
  reference: { blockName: string } | null;
  properties: Record<string, unknown>;
  bbox: Box;
  metrics: { length: number | null; area: number | null; perimeter: number | null; vertexCount: number | null };
}
