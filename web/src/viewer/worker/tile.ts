// SPDX-License-Identifier: Apache-2.0
// A square of the sheet as what the GPU draws: walks the runs that touch it and cuts them to it.
import { touches, widened } from "../geometry/clip";
import { type Affine, Flattener } from "../geometry/flatten";
import { Outline } from "../geometry/outline";
import type { Chunks, Words } from "../scene/chunks";
import { kEntityWords, kRunWords, Op } from "../scene/format";
import type { Box } from "../scene/head";
import { type Tables, text_at } from "../scene/tables";
import { Board } from "./board";
import type { ClipMeshes } from "./clip_meshes";
import { fill } from "./fills";
import { is_opaque, ramp_of } from "./gradients";
import type { Looks } from "./looks";
import type { Caption, TileData, TileRequest } from "./protocol";
import { stroke, stroke_line } from "./strokes";
import { Texts } from "./texts";

const kFlatPx = 0.12;
// A pen in mm, a hairline's ends: what a primitive may show beyond its box.
const kReachPx = 64;
const kFrameColor = 0xff909090;
const kCrossColor = 0xffd0d0d0;

export class TileMaker {
  private readonly path = new Outline();
  private readonly flattener: Flattener;
  private readonly texts: Texts;
  private readonly most_units: number;
  private captions: Caption[] = [];
  private ramps: Uint8Array[] = [];
  private told_looks = 0;

  constructor(
    private readonly tables: Tables,
    private readonly chunks: Chunks,
    private readonly looks: Looks,
    private readonly clips: ClipMeshes,
  ) {
    this.flattener = new Flattener(this.path, 1, { min_x: 0, min_y: 0, max_x: 0, max_y: 0 });
    this.texts = new Texts(tables, looks);
    this.most_units = tables.styles.reduce((most, style) => Math.max(most, style.width_units), 0);
  }

  private reach(scale: number): number {
    return kReachPx / scale + 2.5 * this.most_units;
  }

  // The chunks that a request needs.
  needs({ region, scale, only }: TileRequest): number[] {
    const needed = new Set<number>();
    if (only) {
      for (const entity of only) for (const run of this.runs_of(entity)) needed.add(this.tables.runs[run * kRunWords + 2]!);
      return [...needed];
    }
    const near = widened(region, this.reach(scale));
    this.tables.chunks.forEach((chunk, index) => {
      if (chunk.words > 0 && touches(chunk.box, near)) needed.add(index);
    });
    return [...needed];
  }

  make(request: TileRequest): TileData {
    const { region, scale, only } = request;
    const board = new Board(region, scale);
    this.captions = [];
    this.ramps = [];
    this.flattener.aim(kFlatPx * board.px, widened(board.region, this.reach(scale)));
    if (only) {
      for (const entity of only) for (const run of this.runs_of(entity)) this.play_run(board, run);
    } else {
      const { origin_x, origin_y } = this.tables.head;
      const reach = this.reach(scale);
      // Entities' boxes are relative to the sheet's origin.
      const near: Box = { min_x: region.min_x - origin_x - reach, min_y: region.min_y - origin_y - reach, max_x: region.max_x - origin_x + reach, max_y: region.max_y - origin_y + reach };
      for (const chunk of this.needs(request)) this.play_chunk(board, chunk, near);
    }
    const joined = board.buckets.join();
    const first_look = this.told_looks;
    this.told_looks = this.looks.all.length;
    const ramps = new Uint8Array(1024 * this.ramps.length);
    this.ramps.forEach((ramp, row) => ramps.set(ramp, 1024 * row));
    return {
      id: request.id,
      origin_x: board.origin_x,
      origin_y: board.origin_y,
      ...joined,
      ramps,
      captions: this.captions,
      looks: this.looks.all.slice(first_look),
      first_look,
      clips: this.clips.news(joined.groups.map((group) => group.clip)),
    };
  }

  private *runs_of(entity: number): Generator<number> {
    const { entities, runs } = this.tables;
    const last = (entity + 1) * kEntityWords;
    const end = last < entities.length ? entities[last + 3]! : runs.length / kRunWords;
    for (let run = entities[entity * kEntityWords + 3]!; run < end; ++run) yield run;
  }

  private play_chunk(board: Board, chunk: number, near: Box) {
    const data = this.chunks.words_of(chunk);
    if (!data) return;
    const boxes = this.tables.entity_boxes;
    const { entity_of, run_at, records } = this.chunks;
    const here = this.map_of(board, chunk);
    const whole = this.is_within(chunk, near);
    const end = this.chunks.end_of(chunk);
    for (let place = this.chunks.begin_of(chunk); place < end; ++place) {
      const run = run_at[place]!;
      const box = entity_of[run]! * kEntityWords + 4;
      const shows = whole || (boxes[box]! <= near.max_x && boxes[box + 2]! >= near.min_x && boxes[box + 1]! <= near.max_y && boxes[box + 3]! >= near.min_y);
      if (shows) this.play(board, data, here, records, place * kRunWords, run);
    }
  }
  private play_run(board: Board, run: number) {
    const { runs } = this.tables;
    const chunk = runs[run * kRunWords + 2]!;
    const data = this.chunks.words_of(chunk);
    if (data) this.play(board, data, this.map_of(board, chunk), runs, run * kRunWords, run);
  }

  private map_of(board: Board, chunk: number): Affine {
    const { origin_x, origin_y } = this.tables.chunks[chunk]!;
    return { a: 1, b: 0, c: 0, d: 1, e: origin_x - board.origin_x, f: origin_y - board.origin_y };
  }
  // All of the chunk is near, so nobody needs to look at its entities' boxes.
  private is_within(chunk: number, near: Box): boolean {
    const { box } = this.tables.chunks[chunk]!;
    const { origin_x, origin_y } = this.tables.head;
    return box.min_x - origin_x >= near.min_x && box.max_x - origin_x <= near.max_x && box.min_y - origin_y >= near.min_y && box.max_y - origin_y <= near.max_y;
  }

  // One run; its record is at `record` of `runs`.
  private play(board: Board, data: Words, here: Affine, runs: Uint32Array, record: number, run: number) {
    const { words, floats } = data;
    const { e: dx, f: dy } = here;
    const layer = runs[record]!;
    const clip = runs[record + 1]!;
    const end = runs[record + 3]! + runs[record + 4]!;
    const count = this.chunks.run_at.length;
    let style = 0;
    let turn = 0;
    for (let at = runs[record + 3]!; at < end; ) {
      const op = words[at]! & 255;
      const argument = words[at]! >>> 8;
      const first = at + 1;
      if (op === Op.style) {
        style = argument;
        at = first;
        continue;
      }
      const is_points = op === Op.polyline || op === Op.closed_polyline;
      at = first + (is_points ? 2 * argument : argument);
      // Later is nearer: the depth buffer keeps the drawing order, whatever is drawn first.
      const z = (run + 1 - 1 / (2 + turn++)) / count;
      if (op === Op.gradient_fill) {
        this.gradient(board, data, first, here, style, layer, clip, z);
        continue;
      }
      if (op === Op.image) {
        this.frame(board, data, first, here, layer, clip, z);
        continue;
      }
      const look = this.looks.of(style, layer);
      board.use(look, this.looks.all[look]!, clip, z);
      if (op === Op.polyline && argument === 2) stroke_line(board, floats[first]! + dx, floats[first + 1]! + dy, floats[first + 2]! + dx, floats[first + 3]! + dy);
      else if (is_points) this.polyline(board, floats, first, argument, op === Op.closed_polyline, dx, dy);
      else if (op === Op.glyphs) this.texts.draw(board, words, floats, first, at, style, map_at(floats, first, dx, dy));
      else {
        this.flattener.path(words, floats, first, here);
        if (op === Op.stroke_path) stroke(board, this.path);
        else fill(board, this.path, this.tables.styles[style]!.even_odd);
      }
    }
  }

  private polyline(board: Board, floats: Float32Array, first: number, count: number, closed: boolean, dx: number, dy: number) {
    const { path } = this;
    path.clear();
    for (let i = 0; i < count; ++i) path.add(floats[first + 2 * i]! + dx, floats[first + 2 * i + 1]! + dy, true);
    path.end_part(0, closed);
    stroke(board, path);
  }

  private gradient(board: Board, { words, floats }: Words, first: number, here: Affine, style: number, layer: number, clip: number, z: number) {
    const stops = words[first]! >>> 1;
    const gradient = {
      radial: (words[first]! & 1) !== 0,
      from: [floats[first + 1]! + here.e, floats[first + 2]! + here.f] as [number, number],
      to: [floats[first + 3]! + here.e, floats[first + 4]! + here.f] as [number, number],
      row: this.ramps.length,
    };
    this.ramps.push(ramp_of(words, floats, first + 5, stops));
    const look = this.looks.of(style, layer);
    board.use(look, this.looks.all[look]!, clip, z, { of: gradient, opaque: is_opaque(words, first + 5, stops) });
    this.flattener.path(words, floats, first + 5 + 2 * stops, here);
    fill(board, this.path, this.tables.styles[style]!.even_odd);
  }

  // A picture that is not decoded: its frame, crossed, with its name.
  private frame(board: Board, { words, floats }: Words, first: number, here: Affine, layer: number, clip: number, z: number) {
    const [x, y, ux, uy, vx, vy] = floats.subarray(first, first + 6) as unknown as [number, number, number, number, number, number];
    const x0 = x + here.e;
    const y0 = y + here.f;
    const use = (color: number) => {
      const looks = { color, width_mm: 0, width_units: 0, faint: false, layer };
      board.use(this.looks.other(looks), looks, clip, z);
    };
    use(kCrossColor);
    stroke_line(board, x0, y0, x0 + ux + vx, y0 + uy + vy);
    stroke_line(board, x0 + ux, y0 + uy, x0 + vx, y0 + vy);
    use(kFrameColor);
    const { path } = this;
    path.clear();
    for (const [px, py] of [[x0, y0], [x0 + ux, y0 + uy], [x0 + ux + vx, y0 + uy + vy], [x0 + vx, y0 + vy]] as const) path.add(px, py, true);
    path.end_part(0, true);
    stroke(board, path);
    const name = text_at(this.tables.strings, words[first + 6]!, words[first + 7]!).replace(/^.*[/\\]/s, "");
    const middle_x = x0 + (ux + vx) / 2;
    const middle_y = y0 + (uy + vy) / 2;
    if (name && !board.misses(middle_x, middle_y, middle_x, middle_y, 0))
      this.captions.push({ x: middle_x + board.origin_x, y: middle_y + board.origin_y, width: path.width, height: path.height, text: name, layer });
  }
}

const map_at = (floats: Float32Array, at: number, dx: number, dy: number): Affine => ({ a: floats[at]!, b: floats[at + 1]!, c: floats[at + 2]!, d: floats[at + 3]!, e: floats[at + 4]! + dx, f: floats[at + 5]! + dy });
