// SPDX-License-Identifier: Apache-2.0
// A drawing with much of everything: many layers, several sheets, many kinds of entities, texts in several scripts, and what a reader
// warns of.
import { Buffer } from "node:buffer";

import { pairs } from "./drawing";

const kLayers = [
  "0",
  "A-WALL-FULL-DIMENSION-EXTERIOR-LOAD-BEARING-REINFORCED-CONCRETE-300MM",
  "Wände$tragend",
  "Стены несущие",
  "جدران الطابق الأرضي",
  "平面図_壁",
  ...Array.from({ length: 34 }, (_, at) => `M-DUCT-${String(at + 1).padStart(2, "0")}`),
];
const kSheets = ["A1 Ground floor", "A2 Roof", "A3 Details of the stairs, sections A-A to F-F", "S1", "S2", "S3", "مخطط الموقع"];

const layer_table = () => [
  pairs(0, "TABLE", 2, "LAYER", 70, kLayers.length),
  ...kLayers.map((name, at) => pairs(0, "LAYER", 2, name, 70, 0, 62, at % 9 === 8 ? -(1 + (at % 7)) : 1 + (at % 7), 6, "CONTINUOUS", 370, at % 3 === 0 ? 50 : 25)),
  pairs(0, "ENDTAB"),
];

// A sheet is a block, its record, and an object that names it.
const kRecords = ["*Model_Space", ...kSheets.map((_, at) => `*Paper_Space${at || ""}`)].map((block, at) => ({ block, record: (0x100 + at).toString(16), layout: (0x200 + at).toString(16) }));
const block_records = () => [pairs(0, "TABLE", 2, "BLOCK_RECORD"), ...kRecords.map(({ block, record, layout }) => pairs(0, "BLOCK_RECORD", 5, record, 2, block, 340, layout)), pairs(0, "ENDTAB")];
const blocks = () => kRecords.map(({ block, record }) => pairs(0, "BLOCK", 330, record, 2, block, 0, "ENDBLK"));
const layouts = () =>
  kRecords.map(({ record, layout }, at) => pairs(0, "LAYOUT", 5, layout, 100, "AcDbPlotSettings", 44, "420.0", 45, "297.0", 100, "AcDbLayout", 1, at === 0 ? "Model" : kSheets[at - 1]!, 71, at, 330, record));

const kPlaces = { model: [], paper: (sheet: string) => [67, 1, 410, sheet] };
type Place = (string | number)[];

const line = (layer: string, x1: number, y1: number, x2: number, y2: number, place: Place = kPlaces.model) => pairs(0, "LINE", 8, layer, ...place, 10, x1, 20, y1, 30, 0, 11, x2, 21, y2, 31, 0);
const circle = (layer: string, x: number, y: number, radius: number) => pairs(0, "CIRCLE", 8, layer, 10, x, 20, y, 30, 0, 40, radius);
const text = (layer: string, x: number, y: number, height: number, words: string, place: Place = kPlaces.model) => pairs(0, "TEXT", 8, layer, ...place, 10, x, 20, y, 30, 0, 40, height, 1, words);
const outline = (layer: string, corners: [number, number][]) => pairs(0, "LWPOLYLINE", 8, layer, 90, corners.length, 70, 1, ...corners.flatMap(([x, y]) => [10, x, 20, y]));

function rooms(): string[] {
  return kLayers.flatMap((layer, at) => {
    const [x, y] = [(at % 8) * 4200, Math.floor(at / 8) * 3600];
    const corners: [number, number][] = [[x, y], [x + 4000, y], [x + 4000, y + 3400], [x, y + 3400]];
    return [
      outline(layer, corners),
      circle(layer, x + 1000, y + 1000, 420),
      pairs(0, "ARC", 8, layer, 10, x + 3000, 20, y + 1000, 30, 0, 40, 700, 50, 0, 51, 135),
      pairs(0, "POINT", 8, layer, 10, x + 2000, 20, y + 400, 30, 0),
      text(layer, x + 300, y + 2500, 260, `Room ${100 + at}, ${(13.6).toFixed(1)} m2`),
      ...Array.from({ length: 6 }, (_, step) => line(layer, x + step * 600, y, x + step * 600 + 400, y + 3400)),
    ];
  });
}

const sheets = () =>
  kSheets.flatMap((sheet, at) => {
    const place = kPlaces.paper(sheet);
    return [line("0", 0, 0, 420, 0, place), line("0", 420, 0, 420, 297, place), line("0", 420, 297, 0, 297, place), line("0", 0, 297, 0, 0, place), text("0", 20, 20 + at * 10, 8, sheet, place)];
  });

const odd = () => [text("平面図_壁", 300, -900, 300, "平面図 1階"), text("جدران الطابق الأرضي", 9000, -900, 300, "مخطط الطابق الأرضي"), ...Array.from({ length: 9 }, (_, at) => pairs(0, `ACME_PART_${at + 1}`, 8, "0"))];

export function rich_drawing(): Buffer {
  const head = pairs(0, "SECTION", 2, "HEADER", 9, "$ACADVER", 1, "AC1032", 9, "$INSUNITS", 70, 4, 0, "ENDSEC");
  const tables = [pairs(0, "SECTION", 2, "TABLES"), ...layer_table(), ...block_records(), pairs(0, "ENDSEC"), pairs(0, "SECTION", 2, "BLOCKS"), ...blocks(), pairs(0, "ENDSEC")];
  // Far from all others, and no mark of the end.
  const astray = line("0", 9e9, 9e9, 9e9 + 10, 9e9);
  return Buffer.from([head, ...tables, pairs(0, "SECTION", 2, "ENTITIES"), ...rooms(), ...sheets(), ...odd(), astray, pairs(0, "ENDSEC"), pairs(0, "SECTION", 2, "OBJECTS"), ...layouts(), pairs(0, "ENDSEC"), ""].join("\n"));
}
