// SPDX-License-Identifier: Apache-2.0
// Keeps the picture on the screen up to the camera. It is drawn in slices that the GPU is seen to have finished, so that
// even a slow one answers to the next movement; until a new picture is complete the last one is shown, moved and scaled.
import type { Camera } from "../camera";
import type { Place } from "../tile_grid";
import { rect_of } from "../tile_grid";
import { type Gl, Program } from "./device";
import type { Looking, Painter } from "./painter";
import { paper_color } from "./paper";
import { kPresentFragment, kPresentVertex } from "./shaders";
import { intersection, is_empty, type Rect, Target } from "./target";
import type { TileBuffers } from "./tile_buffers";

export interface TileSource {
  places(camera: Camera): Place[];
  ready(key: string): TileBuffers | undefined;
}

interface Job {
  camera: Camera;
  rects: Rect[];
  moved: { x: number; y: number } | undefined;
  todo: Place[];
  steps: Generator<number, void> | undefined;
  // Shown as it comes, as there is nothing better to show.
  progressive: boolean;
}

const kSliceMs = 20; // of the GPU
const kScriptMs = 4;
const kLeastCost = 40_000;
const kMostCost = 8_000_000;
const kStillMs = 70; // without a change of scale before a slow GPU is given a new picture
const kQuickMs = 50;
const kWhole = 1e-3; // pixels
const kProgressMs = 150; // between two states of a picture that is seen while it is drawn

export class Painting {
  private target: Target | undefined;
  private readonly present_program: Program;
  private job: Job | undefined;
  private stale = true;
  private fence: { sync: WebGLSync; since: number; cost: number } | undefined;
  private cost = 300_000;
  private job_since = 0;
  private shown_at = 0;
  private last_full_ms = 0;
  private last_scale = 0;
  private scale_since = 0;

  constructor(
    private readonly gl: Gl,
    private readonly painter: Painter,
  ) {
    this.present_program = new Program(gl, kPresentVertex, kPresentFragment);
  }

  get is_ready(): boolean {
    return this.painter.is_ready && this.present_program.is_ready;
  }

  // All of it is to be drawn anew: other layers, another paper.
  invalidate() {
    this.stale = true;
    this.job = undefined;
  }

  // Nothing is left to do for this camera.
  settled(camera: Camera): boolean {
    return !this.job && !this.fence && !this.stale && this.target?.shown !== undefined && same(this.target.shown, camera);
  }

  // The picture cannot go on before a tile comes.
  waits(tiles: TileSource): boolean {
    const { job } = this;
    return !this.fence && job !== undefined && !job.steps && job.todo.length > 0 && !job.todo.some((place) => tiles.ready(place.key));
  }

  // Goes on with the picture. True: there is something new to present.
  step(camera: Camera, tiles: TileSource, looking: Looking): boolean {
    const now = performance.now();
    if (camera.scale !== this.last_scale) {
      this.last_scale = camera.scale;
      this.scale_since = now;
    }
    if (!this.is_idle()) return false;
    this.fit_target(camera);
    const target = this.target!;
    if (this.job && !this.is_useful(this.job, camera, tiles, now)) {
      // What has been shown of it is not whole: nothing can be built on it.
      if (this.job.progressive) this.stale = true;
      this.job = undefined;
    }
    this.job ??= this.plan(camera, tiles, target, looking, now);
    if (!this.job) return false;
    const { job } = this;
    const spent = this.run(job, tiles, looking, target);
    const done = !job.steps && job.todo.length === 0;
    const show = done || (job.progressive && spent > 0 && now - this.shown_at > kProgressMs);
    if (show) {
      target.finish(job.camera, job.rects, job.moved);
      this.shown_at = now;
    }
    if (done) {
      if (!job.moved) this.last_full_ms = now - this.job_since;
      this.job = undefined;
      this.stale = false;
    }
    if (spent > 0) this.fence = { sync: this.gl.fenceSync(this.gl.SYNC_GPU_COMMANDS_COMPLETE, 0)!, since: now, cost: spent };
    this.gl.flush();
    return show;
  }

  // The GPU has done what it was given. Before that, what it is given more may have to wait for room.
  is_idle(): boolean {
    if (!this.fence) return true;
    const now = performance.now();
    const { gl } = this;
    const { sync, since, cost } = this.fence;
    if (gl.getSyncParameter(sync, gl.SYNC_STATUS) !== gl.SIGNALED) return false;
    gl.deleteSync(sync);
    this.fence = undefined;
    const wanted = (cost / Math.max(1, now - since)) * kSliceMs;
    this.cost = Math.min(kMostCost, Math.max(kLeastCost, (this.cost + wanted) / 2));
    return true;
  }

  private fit_target({ width, height }: Camera) {
    if (this.target?.width === width && this.target.height === height) return;
    this.target?.drop();
    this.target = new Target(this.gl, width, height);
    this.invalidate();
  }

  private is_useful(job: Job, camera: Camera, tiles: TileSource, now: number): boolean {
    if (same(job.camera, camera)) return true;
    if (job.camera.scale !== camera.scale) return false;
    // Panned on: what can be finished is finished, what waits for tiles is planned anew.
    return now - this.job_since < 500 && (job.steps !== undefined || job.todo.every((place) => tiles.ready(place.key)));
  }

  private plan(camera: Camera, tiles: TileSource, target: Target, { paper }: Looking, now: number): Job | undefined {
    const { shown } = target;
    if (shown && !this.stale && same(shown, camera)) return undefined;
    const all = { x: 0, y: 0, width: target.width, height: target.height };
    let rects = [all];
    let moved: Job["moved"];
    if (shown && !this.stale && shown.scale === camera.scale) {
      const dx = (shown.x - camera.x) * camera.scale;
      const dy = (camera.y - shown.y) * camera.scale;
      const x = Math.round(dx);
      const y = Math.round(dy);
      // Who panned at another scale in between has moved by parts of a pixel.
      const whole = Math.abs(dx - x) + Math.abs(dy - y) < kWhole;
      if (whole && Math.abs(x) < target.width && Math.abs(y) < target.height) {
        moved = { x, y };
        rects = uncovered(all, x, y);
      }
    } else if (shown && !this.stale && this.last_full_ms > kQuickMs && now - this.scale_since < kStillMs) {
      return undefined;
    }
    this.job_since = now;
    const todo = tiles.places(camera).filter((place) => rects.some((rect) => !is_empty(intersection(rect, rect_of(camera, place.region)))));
    target.begin(rects, paper_color(paper));
    return { camera, rects, moved, todo, steps: undefined, progressive: shown === undefined };
  }

  // A slice: its cost.
  private run(job: Job, tiles: TileSource, looking: Looking, target: Target): number {
    const until = performance.now() + kScriptMs;
    let spent = 0;
    while (spent < this.cost && performance.now() < until) {
      if (!job.steps) {
        const at = job.todo.findIndex((place) => tiles.ready(place.key));
        if (at < 0) break;
        const [place] = job.todo.splice(at, 1);
        job.steps = this.paint(job, place!, tiles.ready(place!.key)!, looking, target);
      }
      const step = job.steps.next();
      if (step.done) job.steps = undefined;
      else spent += step.value;
    }
    return spent;
  }

  private *paint(job: Job, place: Place, tile: TileBuffers, looking: Looking, target: Target): Generator<number, void> {
    const whole = rect_of(job.camera, place.region);
    for (const rect of job.rects) yield* this.painter.paint(tile, intersection(rect, whole), job.camera, looking, target);
  }

  // What has been drawn, where `camera` sees it now. Leaves the canvas bound.
  present(camera: Camera, { paper }: Looking) {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, camera.width, camera.height);
    for (const test of [gl.SCISSOR_TEST, gl.DEPTH_TEST, gl.STENCIL_TEST, gl.BLEND, gl.SAMPLE_ALPHA_TO_COVERAGE]) gl.disable(test);
    gl.clearColor(...paper_color(paper), 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const shown = this.target?.shown;
    if (!shown) return;
    const zoom = camera.scale / shown.scale;
    const middle_x = ((shown.x - camera.x) * camera.scale * 2) / camera.width;
    const middle_y = ((shown.y - camera.y) * camera.scale * 2) / camera.height;
    const half_x = (zoom * shown.width) / camera.width;
    const half_y = (zoom * shown.height) / camera.height;
    this.present_program.use();
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.target!.texture);
    const filter = zoom === 1 ? gl.NEAREST : gl.LINEAR;
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
    gl.uniform1i(this.present_program.at("u_picture"), 0);
    gl.uniform4f(this.present_program.at("u_rect"), middle_x - half_x, middle_y + half_y, middle_x + half_x, middle_y - half_y);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }
}

const same = (a: Camera, b: Camera) => a.x === b.x && a.y === b.y && a.scale === b.scale && a.width === b.width && a.height === b.height;

// What a picture that has moved by (x, y) leaves free.
export function uncovered({ width, height }: Rect, x: number, y: number): Rect[] {
  const rects: Rect[] = [];
  if (x !== 0) rects.push({ x: x > 0 ? 0 : width + x, y: 0, width: Math.abs(x), height });
  if (y !== 0) rects.push({ x: Math.max(0, x), y: y > 0 ? 0 : height + y, width: width - Math.abs(x), height: Math.abs(y) });
  return rects;
}
