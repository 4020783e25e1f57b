// SPDX-License-Identifier: Apache-2.0
// Where a tile's primitives are collected: its square, its scale, and what is being drawn right now.
import type { Box } from "../scene/head";
import type { Look } from "./protocol";
import { Bucket, Buckets, type GradientOf } from "./buckets";
import { DotGrid } from "./dots";

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
  private readonly dots: DotGrid;

  constructor(region: Box, readonly scale: number) {
    this.origin_x = (region.min_x + region.max_x) / 2;
    this.origin_y = (region.min_y + region.max_y) / 2;
    const half_x = (region.max_x - region.min_x) / 2;
    const half_y = (region.max_y - region.min_y) / 2;
    this.region = { min_x: -half_x, min_y: -half_y, max_x: half_x, max_y: half_y };
    this.far = { min_x: -3 * half_x, min_y: -3 * half_y, max_x: 3 * half_x, max_y: 3 * half_y };
    this.px = 1 / scale;
    this.dots = new DotGrid(-half_x, -half_y, 2 * Math.max(half_x, half_y));
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

  // Something smaller than a pixel, with as much ink as `weight` of one.
  dot(x: number, y: number, weight: number) {
    this.dots.add(this.bucket, x, y, this.z, this.look, this.looks.layer, Math.round(255 * Math.min(1, weight)));
  }
}
