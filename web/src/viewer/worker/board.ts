// SPDX-License-Identifier: Apache-2.0
// Where a tile's primitives are collected: its square, its scale, and what is being drawn right now.
import type { Box } from "../scene/head";
import type { Look } from "./protocol";
import { Bucket, Buckets, type GradientOf } from "./buckets";

const kDots = 512;

export class Board {
  readonly buckets = new Buckets();
  readonly origin_x: number;
  readonly origin_y: number;
  // All relative to the origin.
  readonly region: Box;
  // What reaches beyond this is cut, so that no coordinate is absurd for a float.
  readonly far: Box;
  // A pixel in units.
  readonly px: number;
  // Of the operation at hand.
  z = 0;
  clip = 0;
  look = 0;
  looks: Look = { color: 0, width_mm: 0, width_units: 0, faint: false, layer: 0 };
  bucket: Bucket;
  // Dots that have been set, by pixel: the look, plus one.
  private readonly dots: Uint32Array;
  private readonly dots_per_unit: number;

  constructor(region: Box, readonly scale: number) {
    this.origin_x = (region.min_x + region.max_x) / 2;
    this.origin_y = (region.min_y + region.max_y) / 2;
    const half_x = (region.max_x - region.min_x) / 2;
    const half_y = (region.max_y - region.min_y) / 2;
    this.region = { min_x: -half_x, min_y: -half_y, max_x: half_x, max_y: half_y };
    this.far = { min_x: -3 * half_x, min_y: -3 * half_y, max_x: 3 * half_x, max_y: 3 * half_y };
    this.px = 1 / scale;
    this.dots = new Uint32Array(kDots * kDots);
    this.dots_per_unit = kDots / Math.max(2 * half_x, 2 * half_y, Number.MIN_VALUE);
    this.bucket = this.buckets.of(0);
  }

  // What follows is drawn so.
  use(look: number, looks: Look, clip: number, z: number, gradient?: { of: GradientOf; opaque: boolean }) {
    this.look = look;
    this.looks = looks;
    this.clip = clip;
    this.z = z;
    if (gradient) this.bucket = this.buckets.alone(clip, z, !gradient.opaque, gradient.of);
    else if (looks.color >>> 24 < 255) this.bucket = this.buckets.alone(clip, z, true);
    else this.bucket = this.buckets.of(clip);
  }

  misses(min_x: number, min_y: number, max_x: number, max_y: number, reach: number): boolean {
    const r = this.region;
    return max_x < r.min_x - reach || min_x > r.max_x + reach || max_y < r.min_y - reach || min_y > r.max_y + reach;
  }

  // Something smaller than a pixel: as much ink as `length` pixels of a hairline. One of a look is enough for a pixel.
  dot(x: number, y: number, length: number) {
    const column = Math.floor((x - this.region.min_x) * this.dots_per_unit);
    const row = Math.floor((y - this.region.min_y) * this.dots_per_unit);
    if (column >= 0 && column < kDots && row >= 0 && row < kDots) {
      const at = row * kDots + column;
      if (this.dots[at] === this.look + 1) return;
      this.dots[at] = this.look + 1;
    }
    const half = (length * this.px) / 2;
    this.bucket.segment(x - half, y, x + half, y, this.z, this.look);
  }
}
