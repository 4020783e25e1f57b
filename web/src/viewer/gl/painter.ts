// SPDX-License-Identifier: Apache-2.0
// Draws tiles into a rectangle of the target, in steps: whoever calls decides how many a frame takes.
import { type Camera, to_px } from "../camera";
import { kNone } from "../scene/format";
import type { ClipMesh, Group, Look } from "../worker/protocol";
import { Kind } from "../worker/protocol";
import { type Gl, Program } from "./device";
import { LookTable } from "./look_table";
import type { Paper } from "./paper";
import * as shaders from "./shaders";
import { StencilClips } from "./stencil_clips";
import { is_empty, type Rect, type Target } from "./target";
import type { TileBuffers } from "./tile_buffers";

// Segments of one draw call, and what the index buffer has corners for.
const kMostSegments = 32768;
const kMostIndices = 3 * 65536;
const kMostDots = 65536;
// Roughly what the GPU does, in vertices.
const kCallCost = 500;

export interface Pens {
  px_per_mm: number;
  most_px: number;
}

// Everything that a drawing looks like beside its tiles.
export interface Looking {
  hidden: ReadonlySet<number>;
  paper: Paper;
  pens: Pens;
}

// Drawn over the picture in a color of its own.
export interface Tint {
  rgb: [number, number, number];
  halo: number;
}

export class Painter {
  readonly looks: LookTable;
  private readonly segments: Program;
  private readonly triangles: Program;
  private readonly dots: Program;
  private readonly gradients: Program;
  private readonly clips: StencilClips;
  private readonly corners: WebGLVertexArrayObject;

  constructor(private readonly gl: Gl) {
    this.looks = new LookTable(gl);
    this.segments = new Program(gl, shaders.kSegmentVertex, shaders.kSegmentFragment);
    this.triangles = new Program(gl, shaders.kTriangleVertex, shaders.kTriangleFragment);
    this.dots = new Program(gl, shaders.kDotVertex, shaders.kTriangleFragment);
    this.gradients = new Program(gl, shaders.kTriangleVertex, shaders.kGradientFragment);
    this.clips = new StencilClips(gl);
    this.corners = gl.createVertexArray();
    gl.bindVertexArray(this.corners);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    const indices = new Uint32Array(6 * kMostSegments);
    for (let i = 0; i < kMostSegments; ++i) indices.set([4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 2, 4 * i + 1, 4 * i + 3], 6 * i);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, indices, gl.STATIC_DRAW);
    gl.bindVertexArray(null);
  }

  // It can draw without waiting.
  get is_ready(): boolean {
    return [this.segments, this.triangles, this.dots, this.gradients, this.clips].every((program) => program.is_ready);
  }

  learn(first_look: number, looks: readonly Look[], clips: readonly ClipMesh[]) {
    this.looks.add(first_look, looks);
    this.clips.add(clips);
  }

  // Each step's value is its cost. `target` is bound again at every step, as others draw between them.
  *paint(tile: TileBuffers, rect: Rect, camera: Camera, looking: Looking, target: Target): Generator<number, void> {
    if (is_empty(rect)) return;
    let clip = kNone;
    for (const group of tile.groups) {
      const most = group.kind === Kind.segments ? kMostSegments : group.kind === Kind.dots ? kMostDots : kMostIndices;
      for (let first = group.first; first < group.first + group.count; first += most) {
        const count = Math.min(most, group.first + group.count - first);
        this.prepare(rect, target);
        if (group.clip !== clip) this.clips.set((clip = group.clip), camera, target, rect);
        this.clips.hold();
        this.draw(tile, group, first, count, camera, looking);
        yield kCallCost + (group.kind === Kind.segments ? 4 : 1) * count;
      }
    }
    if (clip !== kNone) {
      this.prepare(rect, target);
      this.clips.set(kNone, camera, target, rect);
    }
  }

  // Over whatever is bound: no depth, no clips.
  highlight(tile: TileBuffers, camera: Camera, looking: Looking, tint: Tint) {
    const { gl } = this;
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    for (const group of tile.groups) {
      if (group.kind === Kind.gradient) continue;
      const most = group.kind === Kind.segments ? kMostSegments : group.count;
      for (let first = group.first; first < group.first + group.count; first += most)
        this.draw(tile, group, first, Math.min(most, group.first + group.count - first), camera, looking, tint);
    }
  }

  private prepare(rect: Rect, target: Target) {
    const { gl } = this;
    target.resume();
    target.scissor(rect);
    gl.enable(gl.DEPTH_TEST);
    gl.depthMask(true);
  }

  private blend(translucent: boolean) {
    const { gl } = this;
    // What was drawn last by the same primitive is not blended with itself.
    gl.depthFunc(translucent ? gl.LESS : gl.LEQUAL);
    if (translucent) {
      gl.enable(gl.BLEND);
      gl.blendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      gl.disable(gl.SAMPLE_ALPHA_TO_COVERAGE);
    } else {
      gl.disable(gl.BLEND);
      gl.enable(gl.SAMPLE_ALPHA_TO_COVERAGE);
    }
  }

  private draw(tile: TileBuffers, group: Group, first: number, count: number, camera: Camera, { hidden, paper, pens }: Looking, tint?: Tint) {
    const { gl } = this;
    const program = [this.segments, this.triangles, this.gradients, this.dots][group.kind]!;
    program.use();
    this.blend(group.translucent);
    this.looks.bind(0, hidden, paper);
    const offset = to_px(camera, { x: tile.origin_x, y: tile.origin_y });
    gl.uniform1i(program.at("u_looks"), 0);
    gl.uniform2f(program.at("u_size"), camera.width, camera.height);
    gl.uniform2f(program.at("u_offset"), offset.x, offset.y);
    gl.uniform1f(program.at("u_scale"), camera.scale);
    gl.uniform4f(program.at("u_tint"), ...(tint?.rgb ?? ([0, 0, 0] as const)), tint ? 1 : 0);
    if (group.kind === Kind.segments) {
      gl.activeTexture(gl.TEXTURE1);
      gl.bindTexture(gl.TEXTURE_2D, tile.segments!);
      gl.uniform1i(program.at("u_segments"), 1);
      gl.uniform1i(program.at("u_first"), first);
      gl.uniform2f(program.at("u_pen"), pens.px_per_mm, pens.most_px);
      gl.uniform1f(program.at("u_halo"), tint?.halo ?? 0);
      gl.bindVertexArray(this.corners);
      gl.drawElements(gl.TRIANGLES, 6 * count, gl.UNSIGNED_INT, 0);
    } else if (group.kind === Kind.dots) {
      gl.bindVertexArray(tile.dots!);
      gl.drawArrays(gl.POINTS, first, count);
    } else {
      if (group.gradient) this.use_gradient(program, tile, group.gradient, camera, offset);
      gl.bindVertexArray(tile.vertices!);
      gl.drawElements(gl.TRIANGLES, count, gl.UNSIGNED_INT, 4 * first);
    }
    gl.bindVertexArray(null);
  }

  private use_gradient(program: Program, tile: TileBuffers, { radial, from, to, row }: NonNullable<Group["gradient"]>, { scale }: Camera, offset: { x: number; y: number }) {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, tile.ramps!);
    gl.uniform1i(program.at("u_ramps"), 1);
    gl.uniform1i(program.at("u_row"), row);
    gl.uniform1i(program.at("u_radial"), radial ? 1 : 0);
    gl.uniform4f(program.at("u_line"), offset.x + from[0] * scale, offset.y - from[1] * scale, (to[0] - from[0]) * scale, (from[1] - to[1]) * scale);
  }
}
