// SPDX-License-Identifier: Apache-2.0
// What the pointer does with the drawing: it feels what is under it, selects, and sets the points of a measure.
import { to_sheet } from "./camera";
import type { Point } from "./measure";
import type { Store, Tool } from "./state";
import type { SceneWorker } from "./worker/client";
import type { EntityInfo, Spot } from "./worker/protocol";

const kPickPx = 6;
const kSnapPx = 12;

export interface Host {
  worker(): SceneWorker | undefined;
  // Something that is drawn over the drawing has changed.
  redraw(): void;
  hovers(entity: EntityInfo | undefined): void;
  selects(entity: EntityInfo | undefined): void;
}

export class Hand {
  private asking = false;
  private pointer: Point | undefined;

  constructor(
    private readonly store: Store,
    private readonly host: Host,
  ) {}

  select(selected: EntityInfo | undefined) {
    this.store.set({ selected });
    this.host.selects(selected);
  }
  private hover(hover: EntityInfo | undefined) {
    if (hover?.number === this.store.get().hover?.number) return;
    this.store.set({ hover });
    this.host.hovers(hover);
  }

  take(tool: Tool) {
    this.hover(undefined);
    this.store.set({ tool, points: [], finished: false, snap: undefined });
    this.host.redraw();
  }
  set_points(points: readonly Point[]) {
    this.store.set({ points, finished: false });
    this.host.redraw();
  }
  finish() {
    const { tool, points } = this.store.get();
    if (tool === "select" || points.length < 2) return;
    this.store.set({ finished: true, snap: undefined });
    this.host.redraw();
  }
  undo() {
    this.set_points(this.store.get().points.slice(0, -1));
  }
  escape() {
    const { tool, points } = this.store.get();
    if (tool === "select") this.select(undefined);
    else if (points.length > 0) this.set_points([]);
    else this.take("select");
  }

  private spot(at: Point, px: number): Spot | undefined {
    const { camera, density, hidden } = this.store.get();
    return camera && { ...to_sheet(camera, at), radius: (px * density) / camera.scale, hidden: [...hidden] };
  }

  // The pointer is there, or has left.
  point(at: Point | undefined) {
    const { camera, tool } = this.store.get();
    this.pointer = at;
    this.store.set({ cursor: at && camera ? to_sheet(camera, at) : undefined, ...(at ? {} : { snap: undefined }) });
    if (!at) this.hover(undefined);
    if (tool !== "select") this.host.redraw();
    void this.feel();
  }

  // One question at a time: the pointer moves faster than it is answered.
  private async feel() {
    if (this.asking) return;
    this.asking = true;
    while (this.pointer && this.host.worker()) {
      const at = this.pointer;
      const { tool, finished } = this.store.get();
      if (tool === "select") this.hover(await this.pick(at));
      else if (!finished) await this.snap(at);
      if (at === this.pointer) break;
    }
    this.asking = false;
  }
  private async pick(at: Point): Promise<EntityInfo | undefined> {
    const spot = this.spot(at, kPickPx);
    return spot && this.host.worker()?.pick(spot);
  }
  private async snap(at: Point) {
    const spot = this.spot(at, kSnapPx);
    const snap = spot && (await this.host.worker()?.snap(spot));
    this.store.set({ snap });
    this.host.redraw();
    return snap;
  }

  async click(at: Point) {
    if (this.store.get().tool === "select") {
      this.select(await this.pick(at));
      return;
    }
    const spot = this.spot(at, kSnapPx);
    if (!spot) return;
    const snap = await this.snap(at);
    const { points, finished } = this.store.get();
    const point = { x: snap?.x ?? spot.x, y: snap?.y ?? spot.y };
    const last = points.at(-1);
    if (!finished && last?.x === point.x && last.y === point.y) return;
    this.set_points(finished ? [point] : [...points, point]);
  }
}
