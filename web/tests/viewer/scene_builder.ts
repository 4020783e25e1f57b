// SPDX-License-Identifier: Apache-2.0
// Writes small scenes, so that what reads them can be tested on right and on wrong ones.
import { kHeadBytes, kHeaderBytes, kNone, kRunWords, kSections } from "../../src/viewer/scene/format";
import { read_head } from "../../src/viewer/scene/head";
import { read_tables, type Tables } from "../../src/viewer/scene/tables";

const bits = new DataView(new ArrayBuffer(4));
export function float(value: number): number {
  bits.setFloat32(0, value);
  return bits.getUint32(0);
}

export const op = (code: number, argument: number) => (code | (argument << 8)) >>> 0;

// Verbs by code with their coordinates.
export function path(...steps: [number, ...number[]][]): number[] {
  const words = [steps.length];
  for (let i = 0; i < steps.length; i += 4) words.push(steps.slice(i, i + 4).reduce((word, [verb], k) => word | (verb << (8 * k)), 0) >>> 0);
  return [...words, ...steps.flatMap(([, ...values]) => values.map(float))];
}

export interface StyleOf {
  kind: number;
  even_odd?: boolean;
  color?: number;
  width_mm?: number;
  width_units?: number;
  face?: number;
}
export interface RunOf {
  layer?: number;
  clip?: number;
  words: number[];
}
export interface EntityOf {
  handle: number;
  box: [number, number, number, number];
  runs: RunOf[];
}

// All geometry lies in one chunk with this origin; the view is 100 x 100 around it.
export interface SceneOf {
  origin?: [number, number];
  layers?: string[];
  styles?: StyleOf[];
  clips?: { parent?: number; words: number[] }[];
  glyphs?: { words: number[]; advance: number }[];
  entities?: EntityOf[];
  strings?: string;
  truncated?: boolean;
  mm_per_unit?: number;
}

class Bytes {
  readonly all: number[] = [];
  private readonly view = new DataView(new ArrayBuffer(8));
  private put(count: number) {
    for (let i = 0; i < count; ++i) this.all.push(this.view.getUint8(i));
    return this;
  }
  u8(value: number) {
    this.all.push(value);
    return this;
  }
  u16(value: number) {
    this.view.setUint16(0, value, true);
    return this.put(2);
  }
  u32(...values: number[]) {
    for (const value of values) {
      this.view.setUint32(0, value, true);
      this.put(4);
    }
    return this;
  }
  u64(value: number) {
    this.view.setBigUint64(0, BigInt(value), true);
    return this.put(8);
  }
  f32(...values: number[]) {
    for (const value of values) this.u32(float(value));
    return this;
  }
  f64(...values: number[]) {
    for (const value of values) {
      this.view.setFloat64(0, value, true);
      this.put(8);
    }
    return this;
  }
  text(value: string) {
    this.all.push(...new TextEncoder().encode(value));
    return this;
  }
}

const kFace = "face";

export function scene_bytes(scene: SceneOf): ArrayBuffer {
  const { origin = [0, 0], layers = ["0"], styles = [], clips = [], glyphs = [], entities = [] } = scene;
  const strings = (scene.strings ?? "") + layers.join("") + kFace;
  const section = () => new Bytes();
  const [layr, styl, chnk, face, glyf, clip, ents, runs, outl, cpth, strs, geom] = kSections.map(section) as [Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes];
  let name = (scene.strings ?? "").length;
  for (const layer of layers) {
    layr.u64(1).u32(name, layer.length, 1, 0);
    name += layer.length;
  }
  for (const style of styles) styl.u8(style.kind).u8(style.even_odd ? 1 : 0).u16(0).u32(style.color ?? 0xff000000).f32(style.width_mm ?? 0, style.width_units ?? 0).u32(style.face ?? kNone);
  face.u32(name, kFace.length).f32(0.7, 0.9, -0.2);
  for (const glyph of glyphs) {
    glyf.u32(0, 1, outl.all.length / 4, glyph.words.length).f32(glyph.advance);
    outl.u32(...glyph.words);
  }
  for (const one of clips) {
    clip.f64(...origin).u32(one.parent ?? kNone, cpth.all.length / 4, one.words.length, 0);
    cpth.u32(...one.words);
  }
  for (const [index, entity] of entities.entries()) {
    ents.u64(entity.handle).u32(index, runs.all.length / (4 * kRunWords)).f32(...entity.box);
    for (const run of entity.runs) {
      runs.u32(run.layer ?? 0, run.clip ?? kNone, 0, geom.all.length / 4, run.words.length);
      geom.u32(...run.words);
    }
  }
  chnk.f64(...origin).f32(-1000, -1000, 1000, 1000).u64(0).u64(geom.all.length);
  strs.text(strings);

  const head = new Bytes();
  const table = new Bytes();
  const sections = [layr, styl, chnk, face, glyf, clip, ents, runs, outl, cpth, strs, geom];
  let at = kHeadBytes;
  for (const [i, { all }] of sections.entries()) {
    table.text(kSections[i]!.tag).u32(kSections[i]!.record).u64(at).u64(all.length);
    at += Math.ceil(all.length / 8) * 8;
  }
  const bytes = at;
  const [x, y] = origin;
  head.text("CLSC").u16(1).u16(kHeaderBytes).u32(scene.truncated ? 1 : 0, kSections.length).u64(bytes).f64(x, y, x - 50, y - 50, x + 50, y + 50).u64(1).f64(scene.mm_per_unit ?? 0);
  while (head.all.length < kHeaderBytes) head.u32(0);
  const out = new Uint8Array(bytes);
  out.set(head.all);
  out.set(table.all, kHeaderBytes);
  at = kHeadBytes;
  for (const { all } of sections) {
    out.set(all, at);
    at += Math.ceil(all.length / 8) * 8;
  }
  return out.buffer;
}

export function tables_of(bytes: ArrayBuffer): Tables {
  const head = read_head(bytes.slice(0, kHeadBytes), bytes.byteLength);
  return read_tables(head, bytes.slice(kHeadBytes, head.sections[11]!.offset), kHeadBytes);
}
export function geometry_of(bytes: ArrayBuffer): ArrayBuffer {
  const { offset, bytes: count } = read_head(bytes.slice(0, kHeadBytes), bytes.byteLength).sections[11]!;
  return bytes.slice(offset, offset + count);
}
