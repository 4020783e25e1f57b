// SPDX-License-Identifier: Apache-2.0
// One tile on the GPU. It gets there piece by piece, so that no frame waits for a large one.
import { kSegmentWords, kVertexWords } from "../worker/layout";
import type { Caption, Group, TileData } from "../worker/protocol";
import type { Gl } from "./device";

const kColumns = 1024; // texels; a segment takes two
const kPiece = 64 << 10; // words

export class TileBuffers {
  readonly origin_x: number;
  readonly origin_y: number;
  readonly groups: Group[];
  readonly captions: Caption[];
  readonly bytes: number;
  segments: WebGLTexture | undefined;
  ramps: WebGLTexture | undefined;
  vertices: WebGLVertexArrayObject | undefined;
  dots: WebGLVertexArrayObject | undefined;
  private readonly buffers: WebGLBuffer[] = [];
  private readonly steps: Generator<number, void>;
  ready = false;

  constructor(
    private readonly gl: Gl,
    tile: TileData,
  ) {
    this.origin_x = tile.origin_x;
    this.origin_y = tile.origin_y;
    this.groups = tile.groups;
    this.captions = tile.captions;
    this.bytes = 4 * (tile.segments.length + tile.vertices.length + tile.indices.length + tile.dots.length) + tile.ramps.length;
    this.steps = this.upload_all(tile);
  }

  // One piece more: its bytes. Afterwards it may be `ready`.
  step(): number {
    const { done, value } = this.steps.next();
    this.ready = done === true;
    return value ?? 0;
  }

  private *upload_all(tile: TileData): Generator<number, void> {
    const { gl } = this;
    if (tile.segments.length > 0) yield* this.upload_segments(tile.segments);
    if (tile.indices.length > 0) this.vertices = yield* this.upload_vertices(tile.vertices, tile.indices);
    if (tile.dots.length > 0) this.dots = yield* this.upload_vertices(tile.dots, undefined);
    if (tile.ramps.length > 0) {
      this.ramps = this.texture(gl.RGBA8, 256, tile.ramps.length / 1024);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 256, tile.ramps.length / 1024, gl.RGBA, gl.UNSIGNED_BYTE, tile.ramps);
    }
  }

  private texture(format: number, width: number, height: number): WebGLTexture {
    const { gl } = this;
    const texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, format, width, height);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    return texture;
  }

  private *upload_segments(words: Uint32Array): Generator<number, void> {
    const { gl } = this;
    const texels = words.length / 4;
    const columns = Math.min(kColumns, texels);
    const rows = Math.ceil(texels / columns);
    const texture = this.texture(gl.RGBA32UI, columns, rows);
    this.segments = texture;
    const put = (row: number, width: number, height: number) => {
      gl.activeTexture(gl.TEXTURE0);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      const from = row * columns * 4;
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, row, width, height, gl.RGBA_INTEGER, gl.UNSIGNED_INT, words.subarray(from, from + width * height * 4));
    };
    const whole = Math.floor(texels / columns);
    const piece = Math.max(1, Math.floor(kPiece / (columns * kSegmentWords)));
    for (let row = 0; row < whole; row += piece) {
      const height = Math.min(piece, whole - row);
      put(row, columns, height);
      yield 16 * columns * height;
    }
    if (whole < rows) put(whole, texels - whole * columns, 1);
  }

  private *upload_vertices(vertices: Uint32Array, indices: Uint32Array | undefined): Generator<number, WebGLVertexArrayObject> {
    const { gl } = this;
    const array = gl.createVertexArray();
    yield* this.upload(array, gl.ARRAY_BUFFER, vertices);
    const stride = 4 * kVertexWords;
    gl.bindVertexArray(array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers.at(-1)!);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, stride, 0);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribPointer(1, 1, gl.FLOAT, false, stride, 8);
    gl.enableVertexAttribArray(2);
    gl.vertexAttribIPointer(2, 1, gl.UNSIGNED_INT, stride, 12);
    gl.bindVertexArray(null);
    if (indices) yield* this.upload(array, gl.ELEMENT_ARRAY_BUFFER, indices);
    return array;
  }

  private *upload(array: WebGLVertexArrayObject, target: number, words: Uint32Array): Generator<number, void> {
    const { gl } = this;
    const buffer = gl.createBuffer();
    this.buffers.push(buffer);
    gl.bindVertexArray(array);
    gl.bindBuffer(target, buffer);
    gl.bufferData(target, words.byteLength, gl.STATIC_DRAW);
    for (let at = 0; at < words.length; at += kPiece) {
      const count = Math.min(kPiece, words.length - at);
      gl.bindVertexArray(array);
      gl.bindBuffer(target, buffer);
      gl.bufferSubData(target, 4 * at, words, at, count);
      gl.bindVertexArray(null);
      yield 4 * count;
    }
  }

  drop() {
    const { gl } = this;
    if (this.segments) gl.deleteTexture(this.segments);
    if (this.ramps) gl.deleteTexture(this.ramps);
    for (const array of [this.vertices, this.dots]) if (array) gl.deleteVertexArray(array);
    for (const buffer of this.buffers) gl.deleteBuffer(buffer);
  }
}
