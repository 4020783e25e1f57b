// SPDX-License-Identifier: Apache-2.0
// Everything of a scene but its geometry, checked as src/render/artefact_reader.cpp does.
import { check_path } from "./check";
import { DamagedScene, kEntityWords, kMaxClipDepth, kNone, kRunWords, StyleKind } from "./format";
import type { Box, Head } from "./head";

export interface Layer {
  name: string;
  flags: number;
  color: number;
}
export interface Style {
  kind: number;
  even_odd: boolean;
  color: number;
  width_mm: number;
  width_units: number;
  face: number;
}
export interface Chunk {
  origin_x: number;
  origin_y: number;
  // Sheet coordinates.
  box: Box;
  // Of the geometry section.
  offset: number;
  words: number;
}
export interface Face {
  name: string;
  cap_height: number;
}
export interface Glyph {
  face: number;
  first_word: number;
  words: number;
  advance: number;
}
export interface Clip {
  origin_x: number;
  origin_y: number;
  parent: number;
  first_word: number;
  words: number;
}

export interface Tables {
  head: Head;
  layers: Layer[];
  styles: Style[];
  chunks: Chunk[];
  faces: Face[];
  glyphs: Glyph[];
  clips: Clip[];
  // Records as words, by kEntityWords and kRunWords.
  entities: Uint32Array;
  entity_boxes: Float32Array;
  runs: Uint32Array;
  outlines: Uint32Array;
  clip_paths: Uint32Array;
  strings: Uint8Array;
}

const utf8 = new TextDecoder();

// Reads one section, record by record.
class Records {
  readonly view: DataView;
  readonly count: number;
  constructor(
    private readonly all: ArrayBuffer,
    private readonly at: number,
    readonly bytes: number,
    private readonly record: number,
  ) {
    this.view = new DataView(all, at, bytes);
    this.count = bytes / record;
  }
  words(): Uint32Array {
    return new Uint32Array(this.all, this.at, this.bytes / 4);
  }
  map<T>(read: (at: number, index: number) => T): T[] {
    return Array.from({ length: this.count }, (_, i) => read(i * this.record, i));
  }
  u32 = (at: number) => this.view.getUint32(at, true);
  f32 = (at: number) => this.view.getFloat32(at, true);
  f64 = (at: number) => this.view.getFloat64(at, true);
  u64 = (at: number) => Number(this.view.getBigUint64(at, true));
}

const within = (first: number, count: number, size: number) => first <= size && count <= size - first;
const finite = (...values: number[]) => values.every(Number.isFinite);

export function text_at(strings: Uint8Array, offset: number, bytes: number): string {
  return utf8.decode(strings.subarray(offset, offset + bytes));
}

// `bytes`: the file from the end of the section table to the geometry; `base` is where they start in it.
export function read_tables(head: Head, bytes: ArrayBuffer, base: number): Tables {
  const records = [24, 20, 48, 20, 20, 32, 32, 20, 4, 4, 1];
  const parts = records.map((size, i) => {
    const { offset, bytes: length } = head.sections[i]!;
    if (!within(offset - base, length, bytes.byteLength)) throw new DamagedScene("it ends before its geometry");
    return new Records(bytes, offset - base, length, size);
  });
  const [layr, styl, chnk, face, glyf, clip, ents, runs, outl, cpth, strs] = parts as [Records, Records, Records, Records, Records, Records, Records, Records, Records, Records, Records];
  const strings = new Uint8Array(bytes, strs.view.byteOffset, strs.bytes);
  const name = (part: Records, at: number, what: string) => {
    if (!within(part.u32(at), part.u32(at + 4), strings.length)) throw new DamagedScene(what);
    return text_at(strings, part.u32(at), part.u32(at + 4));
  };

  const layers = layr.map((at) => ({ name: name(layr, at + 8, "a layer's name"), flags: layr.u32(at + 16), color: layr.u32(at + 20) }));
  const faces = face.map((at) => {
    if (!finite(face.f32(at + 8), face.f32(at + 12), face.f32(at + 16))) throw new DamagedScene("a face");
    return { name: name(face, at, "a face's name"), cap_height: face.f32(at + 8) };
  });
  const tables: Tables = {
    head,
    layers,
    styles: styl.map((at) => read_style(styl, at, faces.length)),
    chunks: read_chunks(chnk, head.sections[11]!.bytes),
    faces,
    glyphs: [],
    clips: [],
    entities: ents.words(),
    entity_boxes: new Float32Array(bytes, ents.view.byteOffset, ents.bytes / 4),
    runs: runs.words(),
    outlines: outl.words(),
    clip_paths: cpth.words(),
    strings,
  };
  tables.glyphs = read_glyphs(glyf, tables);
  tables.clips = read_clips(clip, tables);
  check_runs(tables);
  check_entities(tables);
  return tables;
}

function read_style(part: Records, at: number, faces: number): Style {
  const style = {
    kind: part.view.getUint8(at),
    even_odd: part.view.getUint8(at + 1) === 1,
    color: part.u32(at + 4),
    width_mm: part.f32(at + 8),
    width_units: part.f32(at + 12),
    face: part.u32(at + 16),
  };
  const known = style.kind >= StyleKind.stroke && style.kind <= StyleKind.text && part.view.getUint8(at + 1) <= 1;
  if (!known || !finite(style.width_mm, style.width_units) || (style.kind === StyleKind.text && style.face >= faces)) throw new DamagedScene("a style");
  return style;
}

// Ranges may not overlap: else a small file could ask for endless work.
function read_chunks(part: Records, geometry_bytes: number): Chunk[] {
  let end = 0;
  return part.map((at) => {
    const x = part.f64(at);
    const y = part.f64(at + 8);
    const box = { min_x: x + part.f32(at + 16), min_y: y + part.f32(at + 20), max_x: x + part.f32(at + 24), max_y: y + part.f32(at + 28) };
    const offset = part.u64(at + 32);
    const bytes = part.u64(at + 40);
    if (!finite(x, y, ...Object.values(box)) || offset % 4 !== 0 || bytes % 4 !== 0 || offset < end || !within(offset, bytes, geometry_bytes))
      throw new DamagedScene("a chunk");
    end = offset + bytes;
    return { origin_x: x, origin_y: y, box, offset, words: bytes / 4 };
  });
}

function read_glyphs(part: Records, tables: Tables): Glyph[] {
  let end = 0;
  return part.map((at) => {
    const glyph = { face: part.u32(at), first_word: part.u32(at + 8), words: part.u32(at + 12), advance: part.f32(at + 16) };
    const { first_word, words } = glyph;
    const fits = first_word >= end && glyph.face < tables.faces.length && finite(glyph.advance) && within(first_word, words, tables.outlines.length);
    if (!fits || !check_path(tables.outlines, first_word, first_word + words)) throw new DamagedScene("a glyph");
    end = first_word + words;
    return glyph;
  });
}

function read_clips(part: Records, tables: Tables): Clip[] {
  let end = 0;
  const depths: number[] = [];
  return part.map((at, i) => {
    const clip = { origin_x: part.f64(at), origin_y: part.f64(at + 8), parent: part.u32(at + 16), first_word: part.u32(at + 20), words: part.u32(at + 24) };
    const { parent, first_word, words } = clip;
    const fits = (parent === kNone || parent < i) && first_word >= end && finite(clip.origin_x, clip.origin_y) && within(first_word, words, tables.clip_paths.length);
    if (!fits || !check_path(tables.clip_paths, first_word, first_word + words)) throw new DamagedScene("a clip");
    end = first_word + words;
    depths.push(parent === kNone ? 1 : depths[parent]! + 1);
    if (depths[i]! > kMaxClipDepth) throw new DamagedScene("clips nest too deep");
    return clip;
  });
}

function check_runs({ runs, chunks, layers, clips }: Tables) {
  const ends = new Float64Array(chunks.length);
  for (let at = 0; at < runs.length; at += kRunWords) {
    const layer = runs[at]!;
    const clip = runs[at + 1]!;
    const chunk = runs[at + 2]!;
    const first = runs[at + 3]!;
    const count = runs[at + 4]!;
    const fits =
      chunk < chunks.length && first >= ends[chunk]! && within(first, count, chunks[chunk]!.words) && (layer === kNone || layer < layers.length) && (clip === kNone || clip < clips.length);
    if (!fits) throw new DamagedScene("a run's place");
    ends[chunk] = first + count;
  }
}

function check_entities({ entities, entity_boxes, runs }: Tables) {
  let first = 0;
  for (let at = 0; at < entities.length; at += kEntityWords) {
    const run = entities[at + 3]!;
    // A number that is not finite times 0 is not 0.
    const sum = (entity_boxes[at + 4]! + entity_boxes[at + 5]! + entity_boxes[at + 6]! + entity_boxes[at + 7]!) * 0;
    if (run < first || run > runs.length / kRunWords || sum !== 0) throw new DamagedScene("an entity");
    first = run;
  }
}
