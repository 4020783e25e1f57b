// SPDX-License-Identifier: Apache-2.0
// All that lives on the GPU, and in which order it is drawn.
import type { Camera } from "./camera";
import type { Gl } from "./gl/device";
import type { Looking, Painter } from "./gl/painter";
import type { Painting } from "./gl/painting";
import { Highlight } from "./highlight";
import type { Point } from "./measure";
import { TileStore } from "./tile_store";
import type { Caption, TileData, TileRequest } from "./worker/protocol";

const kRoom = 4 << 20; // bytes that may be on their way to a GPU that is busy

export class Graphics {
  private readonly tiles: TileStore;
  private readonly hovered: Highlight;
  private readonly selected: Highlight;
  private room = kRoom;
  private last_id = 0;
  private next_id = () => ++this.last_id;

  constructor(
    gl: Gl,
    private readonly painter: Painter,
    private readonly painting: Painting,
    origin: Point,
    ask: (wanted: TileRequest[]) => void,
  ) {
    this.tiles = new TileStore(gl, origin, ask, this.next_id);
    this.hovered = new Highlight(gl, { rgb: [0.35, 0.6, 1], halo: 1.5 }, this.next_id);
    this.selected = new Highlight(gl, { rgb: [0.1, 0.4, 0.95], halo: 2.5 }, this.next_id);
  }

  // True: it changes what is seen at once.
  add(tile: TileData): boolean {
    this.painter.learn(tile.first_look, tile.looks, tile.clips);
    if (this.hovered.add(tile) || this.selected.add(tile)) return true;
    this.tiles.add(tile);
    return false;
  }
  change_looks() {
    this.painter.looks.change();
    this.painting.invalidate();
  }
  hover(entity: number | undefined) {
    this.hovered.set(entity);
  }
  select(entity: number | undefined) {
    this.selected.set(entity);
  }
  retry() {
    this.tiles.ask_again();
  }

  // Asks for what is missing and goes on with the picture. True: there is something new to present.
  compute(camera: Camera, looking: Looking): boolean {
    const extra = [this.hovered.wants(camera), this.selected.wants(camera)].filter((request) => request !== undefined);
    this.tiles.want(camera, extra);
    if (!this.painting.is_ready) return false;
    if (this.painting.is_idle()) this.room = kRoom;
    this.room -= this.tiles.upload(this.room);
    return this.painting.step(camera, this.tiles, looking);
  }
  present(camera: Camera, looking: Looking) {
    this.painting.present(camera, looking);
    for (const highlight of [this.hovered, this.selected]) if (highlight.shown) this.painter.highlight(highlight.shown, camera, looking, highlight.tint);
  }
  settled(camera: Camera): boolean {
    return this.painting.settled(camera);
  }
  // What is missing has to come from the worker.
  waits(): boolean {
    return !this.tiles.is_uploading && this.painting.waits(this.tiles);
  }
  captions(camera: Camera): Caption[] {
    return this.tiles.places(camera).flatMap((place) => this.tiles.ready(place.key)?.captions ?? []);
  }
}
