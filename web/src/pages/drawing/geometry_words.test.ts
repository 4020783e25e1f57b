// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";

import type { Entity } from "../../api/result";
import { geometry_words } from "./geometry_words";

const entity = (type: string, geometry: Record<string, unknown>, more: Partial<Entity> = {}): Entity => ({
  id: "2F",
  handle: "2F",
  type,
  category: "Geometry",
  layer: "0",
  layout: "Model",
  geometry,
  text: null,
  reference: null,
  properties: {},
  bbox: { minX: null, minY: null, maxX: null, maxY: null },
  metrics: { length: null, area: null, perimeter: null, vertexCount: null },
  ...more,
});

const origin = { x: 0, y: 0 };

test.each([
  [entity("LINE", { start: origin, end: { x: 1234.5678, y: -2, z: 3 } }), "(0, 0) to (1,234.568, -2, 3)"],
  [entity("ARC", { center: origin, radius: 2, startAngle: 0, endAngle: Math.PI / 2 }), "radius 2 at (0, 0), 0° to 90°"],
  [entity("LWPOLYLINE", { vertices: [origin], closed: true }), "1 vertex, closed"],
  [entity("TEXT", { position: origin }, { text: { value: "Living\n room ", height: 1, style: null } }), "“Living room” at (0, 0)"],
  [entity("MTEXT", { position: origin }, { text: { value: "ab".repeat(500), height: 1, style: null } }), `“${"ab".repeat(60)}…” at (0, 0)`],
  [entity("INSERT", { position: origin, columns: 2, rows: 3 }, { reference: { blockName: "DOOR" } }), "DOOR at (0, 0), 2 × 3"],
  [entity("HATCH", { boundaries: [1, 2], gradient: null }, { properties: { solid: false, patternName: "ANSI31" } }), "ANSI31, 2 boundaries"],
  [entity("DIMENSION", { kind: "linear", text: null, measurement: 12.5 }), "linear, 12.5"],
  [entity("DIMENSION", { kind: "angular", text: null, measurement: Math.PI / 2 }), "angular, 90°"],
  [entity("CIRCLE", { center: { x: -1e-17, y: 0.00012345 }, radius: 0.0003 }), "radius 0.0003 at (0, 0.000123)"],
  [entity("3DSOLID", { edges: null }), "no edges could be read"],
  [entity("AEC_WALL", { className: "AcDbWall", applicationName: null, isProxy: true }), "of AcDbWall: kept by its type only"],
  [entity("AEC_DOOR", { className: "AecDbDoor", applicationName: "AecArchBase80|Product Desc: ...", isProxy: true }), "of AecArchBase80: kept by its type only"],
])("%#: in one line", (given, words) => expect(geometry_words(given)).toBe(words));
