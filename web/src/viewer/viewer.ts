// SPDX-License-Identifier: Apache-2.0
// The viewer of one sheet: a canvas for the drawing, one for what is drawn over it, and a worker that has the scene.
import { type Camera, fit, fit_above, panned, reasonable, zoomed } from "./camera";
import { context_of } from "./gl/device";
import { Painter } from "./gl/painter";
import { Painting } from "./gl/painting";
import type { Paper } from "./gl/paper";
import { Frames } from "./frames";
import { Graphics } from "./graphics";
import { Hand } from "./hand";
import { listen } from "./input";
import type { Point } from "./measure";
import { Overlay } from "./overlay";
import { pens_of } from "./pens";
import type { Box } from "./scene/head";
import { Store } from "./state";
import { type Failed, SceneWorker } from "./worker/client";
import type { Opened } from "./worker/protocol";

export interface Setup {
  // Of the scene.
  url: string;
  // Asks for a fresh session.
  renew: () => Promise<boolean>;
}

// Of a new view: what a link says.
export interface Place {
  x: number;
  y: number;
  scale: number;
}

const kMostZoom = 1e8;
const kMostOut = 20;
const kMostDensity = 2;

export class Viewer {
  readonly store = new Store();
  readonly hand: Hand;
  readonly frames = new Frames((changed) => this.draw(changed));
  private readonly canvas = document.createElement("canvas");
  private readonly over = document.createElement("canvas");
  private readonly overlay = new Overlay(this.over);
  private worker: SceneWorker | undefined;
  private graphics: Graphics | undefined;
  private start: Place | undefined;
  private full: Camera | undefined;
  private covered = 0; // pixels of the page
  private zoomed_to: { box: Box; camera: Camera } | undefined;
  private readonly stop_listening: () => void;
  private readonly resizes: ResizeObserver;

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
    this.hand = new Hand(this.store, {
      worker: () => this.worker,
      redraw: () => this.frames.redraw(),
      hovers: (entity) => {
        this.graphics?.hover(entity?.number);
        this.frames.redraw();
      },
      selects: (entity) => {
        this.graphics?.select(entity?.number);
        this.frames.redraw();
      },
    });
    this.stop_listening = listen(host, () => this.store.get().density, {
      pan: (dx, dy) => this.pan(dx, dy),
      zoom: (factor, at) => this.zoom(factor, at),
      fit: () => this.fit(),
      point: (at) => this.hand.point(at),
      click: (at) => void this.hand.click(at ?? { x: this.canvas.width / 2, y: this.canvas.height / 2 }),
      finish: () => this.hand.finish(),
      undo: () => this.hand.undo(),
      escape: () => this.hand.escape(),
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
    const painter = new Painter(gl);
    const painting = new Painting(gl, painter);
    this.worker = new SceneWorker(this.setup.url, {
      opened: (scene) => this.opened(scene, (origin) => new Graphics(gl, painter, painting, origin, (wanted) => this.worker?.want(wanted))),
      failed: (failure) => this.failed(failure),
      tile: (tile) => {
        // One of an entity alone is shown at once; others when the picture has taken them in.
        if (this.graphics?.add(tile)) this.frames.redraw();
        else this.frames.go_on();
      },
      renew: this.setup.renew,
    });
  }

  private opened(scene: Opened, make: (origin: Point) => Graphics) {
    const origin = { x: ((scene.view?.min_x ?? 0) + (scene.view?.max_x ?? 0)) / 2, y: ((scene.view?.min_y ?? 0) + (scene.view?.max_y ?? 0)) / 2 };
    this.graphics = make(origin);
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
    this.frames.redraw();
  }

  private drop() {
    this.worker?.end();
    this.worker = undefined;
    this.graphics = undefined;
  }
  destroy() {
    this.stop_listening();
    this.resizes.disconnect();
    this.frames.stop();
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
    this.frames.redraw();
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
    const { density } = this.store.get();
    const full = (this.full ??= this.fitting());
    const asked = { x, y, scale: scale * density, width: this.canvas.width, height: this.canvas.height };
    if (full) this.look(reasonable(asked, full, full.scale / kMostOut, full.scale * kMostZoom));
  }
  pan(dx: number, dy: number) {
    const { camera } = this.store.get();
    if (camera) this.look(panned(camera, dx, dy));
  }
  zoom(factor: number, at?: Point) {
    const { camera } = this.store.get();
    const full = this.full?.scale ?? 1;
    if (camera) this.look(zoomed(camera, factor, at ?? { x: camera.width / 2, y: camera.height / 2 }, full / kMostOut, full * kMostZoom));
  }
  zoom_to(box: Box) {
    const { width, height } = this.canvas;
    const around = fit_above(box, width, height, this.covered * this.store.get().density, 0.3, (this.full?.scale ?? 1) * 1e4);
    this.look(around);
    this.zoomed_to = { box, camera: around };
  }
  // The page covers the lowest pixels of the drawing. What was zoomed to is still to be seen.
  cover(pixels: number) {
    const more = pixels > this.covered;
    this.covered = pixels;
    if (more && this.zoomed_to && this.store.get().camera === this.zoomed_to.camera) this.zoom_to(this.zoomed_to.box);
  }

  // What is seen of the drawing, and how.
  hide(hidden: ReadonlySet<number>) {
    this.store.set({ hidden });
    this.graphics?.change_looks();
    this.frames.redraw();
  }
  set_paper(paper: Paper) {
    this.store.set({ paper });
    this.graphics?.change_looks();
    this.frames.redraw();
  }

  set_unit(unit: string) {
    this.store.set({ unit });
    this.frames.redraw();
  }

  // Entities.
  search(text: string) {
    return this.worker?.search(text) ?? Promise.resolve(undefined);
  }
  entity(handle: string) {
    return this.worker?.entity(handle) ?? Promise.resolve(undefined);
  }

  private draw(changed: boolean): boolean {
    const state = this.store.get();
    const { camera, scene } = state;
    if (!this.graphics || !camera || !scene) return false;
    const pens = pens_of(camera, scene.view, this.full?.scale ?? camera.scale, scene.mm_per_unit);
    const looking = { hidden: state.hidden, paper: state.paper, pens };
    if (this.graphics.compute(camera, looking) || changed) {
      this.graphics.present(camera, looking);
      this.overlay.draw(state, this.graphics.captions(camera), this.colors());
    }
    const settled = this.graphics.settled(camera);
    this.store.set({ busy: !settled && !state.failure });
    return !settled && !this.graphics.waits();
  }
  private colors() {
    const style = getComputedStyle(this.host);
    return { accent: style.getPropertyValue("--accent"), on_accent: style.getPropertyValue("--on-accent"), caption: "#909090", font: style.getPropertyValue("--font") || "sans-serif" };
  }
}
