// SPDX-License-Identifier: Apache-2.0
// Tiles that are on the GPU, on their way there, or asked for.
import type { Camera } from "./camera";
import type { Gl } from "./gl/device";
import type { TileSource } from "./gl/painting";
import { TileBuffers } from "./gl/tile_buffers";
import { type Place, TileGrid } from "./tile_grid";
import type { Point } from "./measure";
import type { TileData, TileRequest } from "./worker/protocol";

const kMostBytes = 256 << 20;
const kUploadMs = 3; // a frame

interface Kept {
  id: number;
  buffers: TileBuffers | undefined;
  used: number;
}

export class TileStore implements TileSource {
  private readonly grid: TileGrid;
  private readonly tiles = new Map<string, Kept>();
  private readonly keys = new Map<number, string>();
  private uploading: TileBuffers[] = [];
  private bytes = 0;
  private clock = 0;
  private last_wanted = "";

  constructor(
    private readonly gl: Gl,
    origin: Point,
    private readonly ask: (wanted: TileRequest[]) => void,
    private next_id: () => number,
  ) {
    this.grid = new TileGrid(origin);
  }

  places(camera: Camera): Place[] {
    return this.grid.places(camera);
  }
  ready(key: string): TileBuffers | undefined {
    const buffers = this.tiles.get(key)?.buffers;
    return buffers?.ready ? buffers : undefined;
  }

  // Asks for what `camera` sees and is not there. `extra` comes first.
  want(camera: Camera, extra: TileRequest[]) {
    ++this.clock;
    const missing: TileRequest[] = [];
    for (const place of this.places(camera)) {
      let kept = this.tiles.get(place.key);
      if (!kept) {
        kept = { id: this.next_id(), buffers: undefined, used: 0 };
        this.tiles.set(place.key, kept);
        this.keys.set(kept.id, place.key);
      }
      kept.used = this.clock;
      if (!kept.buffers) missing.push({ id: kept.id, region: place.region, scale: place.scale });
    }
    const wanted = [...extra, ...missing];
    const name = wanted.map(({ id }) => id).join();
    if (name !== this.last_wanted) {
      this.last_wanted = name;
      this.ask(wanted);
    }
  }

  add(tile: TileData) {
    const kept = this.tiles.get(this.keys.get(tile.id) ?? "");
    if (!kept) return;
    kept.buffers = new TileBuffers(this.gl, tile);
    this.bytes += kept.buffers.bytes;
    this.uploading.push(kept.buffers);
    this.evict();
  }

  // Puts at most about `room` bytes on the GPU, and tells how many. As long as it works, more would have to wait for it.
  upload(room: number): number {
    const until = performance.now() + kUploadMs;
    let bytes = 0;
    while (this.uploading.length > 0 && bytes < room && performance.now() < until) {
      bytes += this.uploading[0]!.step();
      if (this.uploading[0]!.ready) this.uploading.shift();
    }
    return bytes;
  }
  get is_uploading(): boolean {
    return this.uploading.length > 0;
  }
  // What was asked for and did not come is asked for once more.
  ask_again() {
    this.last_wanted = "";
  }

  private evict() {
    if (this.bytes <= kMostBytes) return;
    const old = [...this.tiles].filter(([, kept]) => kept.buffers && kept.used < this.clock).sort((a, b) => a[1].used - b[1].used);
    for (const [key, kept] of old) {
      if (this.bytes <= kMostBytes) return;
      this.bytes -= kept.buffers!.bytes;
      this.uploading = this.uploading.filter((buffers) => buffers !== kept.buffers);
      kept.buffers!.drop();
      this.tiles.delete(key);
      this.keys.delete(kept.id);
    }
  }
}
