// SPDX-License-Identifier: Apache-2.0
// The layout of docs/scene-format.md (CLSC, version 1) in numbers.
export const kNone = 0xffffffff;
export const kHeaderBytes = 128;
export const kSectionBytes = 24;
export const kVersion = 1;
export const kTruncated = 1;
export const kMaxClipDepth = 1000;

// In file order; `record` is the bytes of one record.
export const kSections = [
  { tag: "LAYR", record: 24 },
  { tag: "STYL", record: 20 },
  { tag: "CHNK", record: 48 },
  { tag: "FACE", record: 20 },
  { tag: "GLYF", record: 20 },
  { tag: "CLIP", record: 32 },
  { tag: "ENTS", record: 32 },
  { tag: "RUNS", record: 20 },
  { tag: "OUTL", record: 4 },
  { tag: "CPTH", record: 4 },
  { tag: "STRS", record: 1 },
  { tag: "GEOM", record: 4 },
] as const;
export const kHeadBytes = kHeaderBytes + kSections.length * kSectionBytes;

export const Op = { style: 1, polyline: 2, closed_polyline: 3, stroke_path: 4, fill_path: 5, gradient_fill: 6, glyphs: 7, image: 8 } as const;
export const Verb = { move: 0, line: 1, arc: 2, cubic: 3, close: 4 } as const;
// Coordinates of a verb, by its code.
export const kVerbFloats = [2, 2, 8, 6, 0] as const;

export const StyleKind = { stroke: 1, fill: 2, text: 3 } as const;
export const LayerFlag = { visible: 1, off: 2, frozen: 4, locked: 8, plottable: 16, true_color: 32 } as const;

// Words of a record of RUNS and of ENTS.
export const kRunWords = 5;
export const kEntityWords = 8;

// The file is not what the format says. The message names the place.
export class DamagedScene extends Error {
  constructor(what: string) {
    super(`The scene is damaged: ${what}.`);
  }
}
