// SPDX-License-Identifier: Apache-2.0
// What is smaller than a pixel. Of the dots of one layer in one pixel the last is seen, so it takes the place of the one before.
import type { Bucket } from "./buckets";
import { kVertexWords } from "./layout";

const kAcross = 512;

export class DotGrid {
  // By pixel: of its last dot the number, the bucket, and the layer.
  private readonly numbers = new Uint32Array(kAcross * kAcross);
  private readonly layers = new Uint32Array(kAcross * kAcross);
  private readonly owners = new Array<Bucket | undefined>(kAcross * kAcross);

  // A square with this lower left corner and side.
  constructor(
    private readonly x: number,
    private readonly y: number,
    private readonly side: number,
  ) {}

  // `ink`: how much of the pixel it covers, of 255.
  add(bucket: Bucket, x: number, y: number, z: number, look: number, layer: number, ink: number) {
    const column = Math.floor(((x - this.x) * kAcross) / this.side);
    const row = Math.floor(((y - this.y) * kAcross) / this.side);
    if (bucket.translucent || !(column >= 0 && column < kAcross && row >= 0 && row < kAcross)) {
      bucket.dot(x, y, z, look, ink, undefined);
      return;
    }
    const at = row * kAcross + column;
    const before = this.owners[at] === bucket && this.layers[at] === layer ? this.numbers[at] : undefined;
    if (before !== undefined && bucket.dots.floats[before * kVertexWords + 2]! > z) return;
    this.numbers[at] = bucket.dot(x, y, z, look, ink, before);
    this.layers[at] = layer;
    this.owners[at] = bucket;
  }
}
