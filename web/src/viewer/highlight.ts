// SPDX-License-Identifier: Apache-2.0
// One entity drawn over the picture: what the pointer is on, or what is selected.
import { type Camera, visible } from "./camera";
import type { Gl } from "./gl/device";
import type { Tint } from "./gl/painter";
import { TileBuffers } from "./gl/tile_buffers";
import type { Box } from "./scene/head";
import type { TileData, TileRequest } from "./worker/protocol";

const contains = (a: Box, b: Box) => a.min_x <= b.min_x && a.min_y <= b.min_y && a.max_x >= b.max_x && a.max_y >= b.max_y;

export class Highlight {
  private entity: number | undefined;
  private request: TileRequest | undefined;
  private buffers: TileBuffers | undefined;

  constructor(
    private readonly gl: Gl,
    readonly tint: Tint,
    private readonly next_id: () => number,
  ) {}

  set(entity: number | undefined) {
    if (entity === this.entity) return;
    this.entity = entity;
    this.request = undefined;
    this.replace(undefined);
  }

  // What has to be asked for to show it at this place and scale.
  wants(camera: Camera): TileRequest | undefined {
    if (this.entity === undefined) return undefined;
    const seen = visible(camera);
    const scale = 2 ** Math.ceil(Math.log2(camera.scale));
    if (!this.request || this.request.scale !== scale || !contains(this.request.region, seen)) {
      const w = seen.max_x - seen.min_x;
      const h = seen.max_y - seen.min_y;
      const region = { min_x: seen.min_x - w, min_y: seen.min_y - h, max_x: seen.max_x + w, max_y: seen.max_y + h };
      this.request = { id: this.next_id(), region, scale, only: [this.entity] };
      this.replace(undefined);
    }
    return this.buffers ? undefined : this.request;
  }

  // False: it is not this one's.
  add(tile: TileData): boolean {
    if (tile.id !== this.request?.id) return false;
    this.replace(new TileBuffers(this.gl, tile));
    while (!this.buffers!.ready) this.buffers!.step();
    return true;
  }
  get shown(): TileBuffers | undefined {
    return this.buffers;
  }

  private replace(buffers: TileBuffers | undefined) {
    this.buffers?.drop();
    this.buffers = buffers;
  }
}
