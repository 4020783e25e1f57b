// SPDX-License-Identifier: Apache-2.0
// Clips in the stencil buffer: each of a chain adds one where all before it hold, so what is inside of n has n.
import { type Camera, to_px } from "../camera";
import { kNone } from "../scene/format";
import type { ClipMesh } from "../worker/protocol";
import { type Gl, Program } from "./device";
import { kClipFragment, kClipVertex } from "./shaders";
import { type Rect, type Target } from "./target";

// The stencil counts to 255. Deeper ones do not clip further.
const kDeepest = 255;

interface Shape extends ClipMesh {
  vertex_array: WebGLVertexArrayObject;
}

export class StencilClips {
  private readonly program: Program;
  private readonly shapes = new Map<number, Shape>();
  private depth = 0;

  constructor(private readonly gl: Gl) {
    this.program = new Program(gl, kClipVertex, kClipFragment);
  }

  get is_ready(): boolean {
    return this.program.is_ready;
  }

  add(clips: readonly ClipMesh[]) {
    const { gl } = this;
    for (const clip of clips) {
      const vertex_array = gl.createVertexArray();
      gl.bindVertexArray(vertex_array);
      gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
      gl.bufferData(gl.ARRAY_BUFFER, clip.vertices, gl.STATIC_DRAW);
      gl.enableVertexAttribArray(0);
      gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 8, 0);
      gl.bindVertexArray(null);
      this.shapes.set(clip.id, { ...clip, vertex_array });
    }
  }

  // Writes the clip into the stencil of `rect`, which is the scissor already.
  set(clip: number, camera: Camera, target: Target, rect: Rect) {
    const { gl } = this;
    target.scissor(rect);
    gl.clearStencil(0);
    gl.clear(gl.STENCIL_BUFFER_BIT);
    const chain: Shape[] = [];
    for (let at = clip; at !== kNone; ) {
      const shape = this.shapes.get(at);
      if (!shape) break;
      chain.unshift(shape);
      at = shape.parent;
    }
    this.depth = Math.min(chain.length, kDeepest);
    if (this.depth === 0) return;
    gl.enable(gl.STENCIL_TEST);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.BLEND);
    gl.disable(gl.SAMPLE_ALPHA_TO_COVERAGE);
    gl.colorMask(false, false, false, false);
    gl.stencilOp(gl.KEEP, gl.KEEP, gl.INCR);
    this.program.use();
    gl.uniform2f(this.program.at("u_size"), camera.width, camera.height);
    gl.uniform1f(this.program.at("u_scale"), camera.scale);
    chain.slice(0, kDeepest).forEach((shape, level) => {
      const offset = to_px(camera, { x: shape.origin_x, y: shape.origin_y });
      gl.uniform2f(this.program.at("u_offset"), offset.x, offset.y);
      gl.stencilFunc(gl.EQUAL, level, 0xff);
      gl.bindVertexArray(shape.vertex_array);
      gl.drawArrays(gl.TRIANGLES, 0, shape.vertices.length / 2);
    });
    gl.bindVertexArray(null);
    gl.colorMask(true, true, true, true);
    gl.enable(gl.DEPTH_TEST);
  }

  // What is drawn next stays inside.
  hold() {
    const { gl } = this;
    if (this.depth === 0) {
      gl.disable(gl.STENCIL_TEST);
      return;
    }
    gl.enable(gl.STENCIL_TEST);
    gl.stencilFunc(gl.EQUAL, this.depth, 0xff);
    gl.stencilOp(gl.KEEP, gl.KEEP, gl.KEEP);
  }
}
