// SPDX-License-Identifier: Apache-2.0
// What a tile draws, collected by what has to be drawn apart: opaque primitives by clip, as the depth buffer puts them in
// order, and translucent ones each in their turn.
import { kSegmentWords, kVertexWords } from "./layout";
import { type Group, Kind } from "./protocol";

// Flags above a look's number.
export const SegmentFlag = { extend_start: 1 << 24, extend_end: 1 << 25, straight: 1 << 26 } as const;
const kSkewUnit = 32767 / 4;
const kWeightUnit = 1 << 24;

export class WordBuffer {
  words: Uint32Array<ArrayBuffer>;
  floats: Float32Array<ArrayBuffer>;
  length = 0;
  constructor(capacity: number) {
    this.words = new Uint32Array(capacity);
    this.floats = new Float32Array(this.words.buffer);
  }
  // Makes room and returns where it begins.
  take(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.words.length) {
      const grown = new Uint32Array(Math.max(this.length, 2 * this.words.length));
      grown.set(this.words);
      this.words = grown;
      this.floats = new Float32Array(grown.buffer);
    }
    return at;
  }
  used(): Uint32Array {
    return this.words.subarray(0, this.length);
  }
}

export type GradientOf = NonNullable<Group["gradient"]>;

export class Bucket {
  readonly segments: WordBuffer;
  readonly vertices: WordBuffer;
  readonly indices: WordBuffer;
  readonly dots: WordBuffer;
  constructor(
    readonly clip: number,
    readonly z: number,
    readonly translucent: boolean,
    readonly gradient: GradientOf | undefined,
  ) {
    const small = translucent || gradient !== undefined;
    this.segments = new WordBuffer(small ? 64 : 4096);
    this.vertices = new WordBuffer(small ? 64 : 4096);
    this.indices = new WordBuffer(small ? 64 : 4096);
    this.dots = new WordBuffer(small ? 64 : 4096);
  }

  segment(x0: number, y0: number, x1: number, y1: number, z: number, look: number, skew0 = 0, skew1 = 0) {
    const at = this.segments.take(kSegmentWords);
    const { words, floats } = this.segments;
    floats[at] = x0;
    floats[at + 1] = y0;
    floats[at + 2] = x1;
    floats[at + 3] = y1;
    floats[at + 4] = z;
    words[at + 5] = look;
    words[at + 6] = (Math.round(skew0 * kSkewUnit) & 0xffff) | (Math.round(skew1 * kSkewUnit) << 16);
  }
  vertex(x: number, y: number, z: number, look: number): number {
    const at = this.vertices.take(kVertexWords);
    const { words, floats } = this.vertices;
    floats[at] = x;
    floats[at + 1] = y;
    floats[at + 2] = z;
    words[at + 3] = look;
    return at / kVertexWords;
  }
  index(vertex: number) {
    const at = this.indices.take(1);
    this.indices.words[at] = vertex;
  }
  // The number of the dot. `instead` is that of one which it takes the place of.
  dot(x: number, y: number, z: number, look: number, weight: number, instead: number | undefined): number {
    const at = instead === undefined ? this.dots.take(kVertexWords) : instead * kVertexWords;
    const { words, floats } = this.dots;
    floats[at] = x;
    floats[at + 1] = y;
    floats[at + 2] = z;
    words[at + 3] = look + weight * kWeightUnit;
    return at / kVertexWords;
  }
}

function joined(buffers: readonly WordBuffer[]): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(buffers.reduce((sum, buffer) => sum + buffer.length, 0));
  let at = 0;
  for (const buffer of buffers) {
    out.set(buffer.used(), at);
    at += buffer.length;
  }
  return out;
}

export interface Joined {
  segments: Uint32Array<ArrayBuffer>;
  vertices: Uint32Array<ArrayBuffer>;
  indices: Uint32Array<ArrayBuffer>;
  dots: Uint32Array<ArrayBuffer>;
  groups: Group[];
}

export class Buckets {
  private readonly opaque = new Map<number, Bucket>();
  private readonly apart: Bucket[] = [];

  of(clip: number): Bucket {
    let bucket = this.opaque.get(clip);
    if (!bucket) this.opaque.set(clip, (bucket = new Bucket(clip, 0, false, undefined)));
    return bucket;
  }
  // Of one operation that is drawn by itself.
  alone(clip: number, z: number, translucent: boolean, gradient?: GradientOf): Bucket {
    const bucket = new Bucket(clip, z, translucent, gradient);
    this.apart.push(bucket);
    return bucket;
  }

  join(): Joined {
    const solid = [...this.opaque.values(), ...this.apart.filter((bucket) => !bucket.translucent)];
    const blended = this.apart.filter((bucket) => bucket.translucent).sort((a, b) => a.z - b.z);
    const all = [...solid, ...blended];
    const groups: Group[] = [];
    let segment = 0;
    let vertex = 0;
    let index = 0;
    let dot = 0;
    for (const { clip, translucent, gradient, segments, vertices, indices, dots } of all) {
      for (let i = 0; i < indices.length; ++i) indices.words[i]! += vertex;
      add_group(groups, { kind: gradient ? Kind.gradient : Kind.triangles, clip, translucent, first: index, count: indices.length, ...(gradient ? { gradient } : {}) });
      add_group(groups, { kind: Kind.segments, clip, translucent, first: segment, count: segments.length / kSegmentWords });
      add_group(groups, { kind: Kind.dots, clip, translucent, first: dot, count: dots.length / kVertexWords });
      segment += segments.length / kSegmentWords;
      vertex += vertices.length / kVertexWords;
      index += indices.length;
      dot += dots.length / kVertexWords;
    }
    return {
      segments: joined(all.map((bucket) => bucket.segments)),
      vertices: joined(all.map((bucket) => bucket.vertices)),
      indices: joined(all.map((bucket) => bucket.indices)),
      dots: joined(all.map((bucket) => bucket.dots)),
      groups,
    };
  }
}

function add_group(groups: Group[], group: Group) {
  if (group.count === 0) return;
  const last = groups.at(-1);
  const goes_on = last && last.kind === group.kind && last.clip === group.clip && last.translucent === group.translucent && !last.gradient && last.first + last.count === group.first;
  if (goes_on) last.count += group.count;
  else groups.push(group);
}
