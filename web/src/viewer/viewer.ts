// SPDX-License-Identifier: Apache-2.0
// The viewer of one sheet: a canvas for the drawing, one for what is drawn over it, and a worker that has the scene.
import { type Camera, fit, panned, to_sheet, zoomed } from "./camera";
import { context_of } from "./gl/device";
import type { Paper } from "./gl/paper";
import { Graphics } from "./graphics";
import { listen } from "./input";
import type { Point } from "./measure";
import { draw_overlay } from "./overlay";
import { pens_of } from "./pens";
import type { Box } from "./scene/head";
import { Store, type Tool } from "./state";
import { type Failed, SceneWorker } from "./worker/client";
import type { EntityInfo, Opened, Spot } from "./worker/protocol";

export interface Setup {
  // Of the scene.
  url: string;
  // The result's first sheet is model space, which has no paper.
  is_model: boolean;
  // Asks for a fresh session.
  renew: () => Promise<boolean>;
}

// Of a new view: what a link says.
export interface Place {
  x: number;
  y: number;
  scale: number;
}

const kPickPx = 6;
const kSnapPx = 12;
const kMostZoom = 1e8;
const kMostDensity = 2;

export class Viewer {
  readonly store = new Store();
  private readonly canvas = document.createElement("canvas");
  private readonly over = document.createElement("canvas");
  private readonly over_context = this.over.getContext("2d")!;
  private worker: SceneWorker | undefined;
  private graphics: Graphics | undefined;
  private start: Place | undefined;
  private full: Camera | undefined;
  private frame = 0;
  private asking = false;
  private pointer: Point | undefined;
  private readonly stop_listening: () => void;
  private readonly resizes: ResizeObserver;
  // Milliseconds of script that the last frames took, for measurements.
  readonly script_ms: number[] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly setup: Setup,
  ) {
    this.canvas.dataset["part"] = "drawing";
    for (const canvas of [this.canvas, this.over]) host.append(canvas);
    this.canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.drop();
      this.store.set({ phase: "lost" });
    });
    this.canvas.addEventListener("webglcontextrestored", () => this.open());
    this.stop_listening = listen(host, () => this.store.get().density, {
      pan: (dx, dy) => this.pan(dx, dy),
      zoom: (factor, at) => this.zoom(factor, at),
      fit: () => this.fit(),
      point: (at) => this.point(at),
      click: (at) => void this.click(at),
      finish: () => this.finish(),
      undo: () => this.set_points(this.store.get().points.slice(0, -1)),
      escape: () => this.escape(),
    });
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(host);
    this.resize();
    this.open();
  }

  private open() {
    const gl = context_of(this.canvas);
    if (!gl) {
      this.store.set({ phase: "no_webgl", busy: false });
      return;
    }
    this.store.set({ phase: "loading", busy: true, failure: undefined });
    this.worker = new SceneWorker(this.setup.url, {
      opened: (scene) => this.opened(gl, scene),
      failed: (failure) => this.failed(failure),
      tile: (tile) => {
        this.graphics?.add(tile);
        this.redraw();
      },
      renew: this.setup.renew,
    });
  }

  private opened(gl: WebGL2RenderingContext, scene: Opened) {
    const origin = { x: ((scene.view?.min_x ?? 0) + (scene.view?.max_x ?? 0)) / 2, y: ((scene.view?.min_y ?? 0) + (scene.view?.max_y ?? 0)) / 2 };
    this.graphics = new Graphics(gl, origin, (wanted) => this.worker?.want(wanted));
    const { camera, selected } = this.store.get();
    this.graphics.select(selected?.number);
    this.store.set({ phase: "ready", scene });
    // A context that was lost has a camera already.
    if (camera?.scale) this.look(camera);
    else if (this.start && scene.view) this.go(this.start);
    else this.fit();
  }

  private failed(failure: Failed) {
    if (failure.fatal) this.store.set({ phase: "failed", failure, busy: false });
    else this.store.set({ failure, busy: false });
  }
  // After a failure that left something to show.
  retry() {
    this.store.set({ failure: undefined });
    if (!this.graphics) {
      this.drop();
      this.open();
      return;
    }
    this.graphics.retry();
    this.redraw();
  }

  private drop() {
    this.worker?.end();
    this.worker = undefined;
    this.graphics = undefined;
  }
  destroy() {
    this.stop_listening();
    this.resizes.disconnect();
    cancelAnimationFrame(this.frame);
    this.drop();
    this.canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
    this.canvas.remove();
    this.over.remove();
  }

  private resize() {
    const density = Math.min(kMostDensity, window.devicePixelRatio || 1);
    const width = Math.max(1, Math.round(this.host.clientWidth * density));
    const height = Math.max(1, Math.round(this.host.clientHeight * density));
    for (const canvas of [this.canvas, this.over])
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const { camera, density: before } = this.store.get();
    this.store.set({ density });
    if (!camera) return;
    const was_fit = this.full && camera.scale === this.full.scale && camera.x === this.full.x && camera.y === this.full.y;
    this.full = this.fitting();
    this.look(was_fit && this.full ? this.full : { ...camera, width, height, scale: (camera.scale * density) / before });
  }

  private fitting(): Camera | undefined {
    const view = this.store.get().scene?.view;
    return view && fit(view, this.canvas.width, this.canvas.height);
  }

  // The camera.
  look(camera: Camera) {
    this.full ??= this.fitting();
    this.store.set({ camera });
    this.redraw();
  }
  fit() {
    this.full = this.fitting();
    const empty = { x: 0, y: 0, scale: 1, width: this.canvas.width, height: this.canvas.height };
    this.look(this.full ?? empty);
  }
  // Where to begin, if it is not to be all of the sheet.
  begin_at(place: Place) {
    this.start = place;
  }
  go({ x, y, scale }: Place) {
    const density = this.store.get().density;
    this.look({ x, y, scale: scale * density, width: this.canvas.width, height: this.canvas.height });
  }
  pan(dx: number, dy: number) {
    const { camera } = this.store.get();
    if (camera) this.look(panned(camera, dx, dy));
  }
  zoom(factor: number, at?: Point) {
    const { camera } = this.store.get();
    const full = this.full?.scale ?? 1;
    if (camera) this.look(zoomed(camera, factor, at ?? { x: camera.width / 2, y: camera.height / 2 }, full / 20, full * kMostZoom));
  }
  zoom_to(box: Box) {
    const around = fit(box, this.canvas.width, this.canvas.height, 0.3);
    const most = (this.full?.scale ?? 1) * 1e4;
    this.look({ ...around, scale: Math.min(around.scale, most) });
  }

  // What is seen of the drawing, and how.
  hide(hidden: ReadonlySet<number>) {
    this.store.set({ hidden });
    this.graphics?.change_looks();
    this.redraw();
  }
  set_paper(paper: Paper) {
    this.store.set({ paper });
    this.graphics?.change_looks();
    this.redraw();
  }

  // Entities.
  select(selected: EntityInfo | undefined) {
    this.store.set({ selected });
    this.graphics?.select(selected?.number);
    this.redraw();
  }
  private hover(hover: EntityInfo | undefined) {
    this.store.set({ hover });
    this.graphics?.hover(hover?.number);
    this.redraw();
  }
  search(text: string) {
    return this.worker?.search(text) ?? Promise.resolve(undefined);
  }
  entity(handle: string) {
    return this.worker?.entity(handle) ?? Promise.resolve(undefined);
  }

  // Measuring.
  set_tool(tool: Tool) {
    this.hover(undefined);
    this.store.set({ tool, points: [], finished: false, snap: undefined });
    this.redraw();
  }
  set_points(points: readonly Point[]) {
    this.store.set({ points, finished: false });
    this.redraw();
  }
  private finish() {
    const { tool, points } = this.store.get();
    if (tool === "select" || points.length < 2) return;
    this.store.set({ finished: true, snap: undefined });
    this.redraw();
  }
  private escape() {
    const { tool, points } = this.store.get();
    if (tool === "select") this.select(undefined);
    else if (points.length > 0) this.set_points([]);
    else this.set_tool("select");
  }

  private spot(at: Point, px: number): Spot | undefined {
    const { camera, density, hidden } = this.store.get();
    if (!camera) return undefined;
    return { ...to_sheet(camera, at), radius: (px * density) / camera.scale, hidden: [...hidden] };
  }
  private point(at: Point | undefined) {
    const { camera } = this.store.get();
    this.pointer = at;
    this.store.set({ cursor: at && camera ? to_sheet(camera, at) : undefined });
    if (!at) {
      this.store.set({ snap: undefined });
      this.hover(undefined);
    }
    this.redraw();
    void this.feel();
  }
  // What is under the pointer. One question at a time: the pointer moves faster than it is answered.
  private async feel() {
    if (this.asking) return;
    this.asking = true;
    while (this.pointer && this.worker) {
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
    return spot && this.worker?.pick(spot);
  }
  private async snap(at: Point) {
    const spot = this.spot(at, kSnapPx);
    const snap = spot && (await this.worker?.snap(spot));
    this.store.set({ snap });
    this.redraw();
    return snap;
  }
  private async click(place: Point | undefined) {
    const at = place ?? { x: this.canvas.width / 2, y: this.canvas.height / 2 };
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

  // Frames are drawn when something has changed, and until nothing is left to do.
  private redraw() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      const since = performance.now();
      this.draw();
      this.script_ms.push(performance.now() - since);
      if (this.script_ms.length > 1000) this.script_ms.shift();
    });
  }
  private draw() {
    const state = this.store.get();
    const { camera, scene } = state;
    if (!this.graphics || !camera || !scene || this.canvas.width === 0) return;
    const pens = pens_of(camera, scene.view, this.full?.scale ?? camera.scale, this.setup.is_model);
    const more = this.graphics.draw(camera, { hidden: state.hidden, paper: state.paper, pens });
    draw_overlay(this.over_context, state, this.graphics.captions(camera), this.colors());
    this.store.set({ busy: this.graphics.busy(camera) && !state.failure });
    if (more) this.redraw();
  }
  private colors() {
    const style = getComputedStyle(this.host);
    return { accent: style.getPropertyValue("--accent"), on_accent: style.getPropertyValue("--on-accent"), caption: "#909090", font: style.getPropertyValue("--font") || "sans-serif" };
  }
}
