// SPDX-License-Identifier: Apache-2.0
// Where is drawn: a multisampled buffer with depth (the drawing order) and stencil (clips), and two pictures that it is
// resolved to by turns. What has been drawn stays, so panning draws only what comes into sight.
import type { Camera } from "../camera";
import type { Gl } from "./device";

export interface Rect {
  // Pixels from the top left.
  x: number;
  y: number;
  width: number;
  height: number;
}

export const intersection = (a: Rect, b: Rect): Rect => {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return { x, y, width: Math.min(a.x + a.width, b.x + b.width) - x, height: Math.min(a.y + a.height, b.y + b.height) - y };
};
export const is_empty = (r: Rect) => r.width <= 0 || r.height <= 0;

interface Picture {
  texture: WebGLTexture;
  frame: WebGLFramebuffer;
  // What it shows; none yet.
  camera: Camera | undefined;
}

const kSamples = 4;

export class Target {
  private readonly samples: WebGLFramebuffer;
  // All samples resolved: resolving a part of them has been seen to resolve everything (ANGLE on Vulkan).
  private readonly resolved: Picture;
  private readonly buffers: WebGLRenderbuffer[] = [];
  private front: Picture;
  private back: Picture;

  constructor(
    private readonly gl: Gl,
    readonly width: number,
    readonly height: number,
  ) {
    const most = Math.min(kSamples, gl.getParameter(gl.MAX_SAMPLES) as number);
    this.samples = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.samples);
    for (const [format, place] of [
      [gl.RGBA8, gl.COLOR_ATTACHMENT0],
      [gl.DEPTH24_STENCIL8, gl.DEPTH_STENCIL_ATTACHMENT],
    ] as const) {
      const buffer = gl.createRenderbuffer();
      gl.bindRenderbuffer(gl.RENDERBUFFER, buffer);
      gl.renderbufferStorageMultisample(gl.RENDERBUFFER, most, format, width, height);
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, place, gl.RENDERBUFFER, buffer);
      this.buffers.push(buffer);
    }
    this.resolved = this.make_picture();
    this.front = this.make_picture();
    this.back = this.make_picture();
  }

  private make_picture(): Picture {
    const { gl } = this;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, this.width, this.height);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    const frame = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    return { texture, frame, camera: undefined };
  }

  get shown(): Camera | undefined {
    return this.front.camera;
  }
  get texture(): WebGLTexture {
    return this.front.texture;
  }

  scissor({ x, y, width, height }: Rect) {
    this.gl.scissor(x, this.height - y - height, width, height);
  }

  // Starts to draw into `rects`; the rest of the picture will be what is shown, moved by whole pixels.
  begin(rects: readonly Rect[], paper: readonly [number, number, number]) {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.samples);
    gl.viewport(0, 0, this.width, this.height);
    gl.enable(gl.SCISSOR_TEST);
    gl.depthMask(true);
    gl.colorMask(true, true, true, true);
    gl.stencilMask(0xff);
    gl.clearColor(...paper, 1);
    gl.clearDepth(1);
    gl.clearStencil(0);
    for (const rect of rects) {
      this.scissor(rect);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT | gl.STENCIL_BUFFER_BIT);
    }
  }
  resume() {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.samples);
    gl.viewport(0, 0, this.width, this.height);
    gl.enable(gl.SCISSOR_TEST);
  }

  // What has been drawn becomes what is shown. `moved`: how far what was shown before has moved, where it is kept.
  finish(camera: Camera, rects: readonly Rect[], moved: { x: number; y: number } | undefined) {
    const { gl } = this;
    gl.disable(gl.SCISSOR_TEST);
    if (moved) {
      const x0 = Math.max(0, moved.x);
      const y0 = Math.max(0, -moved.y);
      const x1 = Math.min(this.width, this.width + moved.x);
      const y1 = Math.min(this.height, this.height - moved.y);
      this.copy(this.front.frame, this.back, x0 - moved.x, y0 + moved.y, x1 - moved.x, y1 + moved.y, x0, y0, x1, y1);
    }
    this.copy(this.samples, this.resolved, 0, 0, this.width, this.height, 0, 0, this.width, this.height);
    for (const { x, y, width, height } of rects) {
      const bottom = this.height - y - height;
      this.copy(this.resolved.frame, this.back, x, bottom, x + width, bottom + height, x, bottom, x + width, bottom + height);
    }
    this.back.camera = camera;
    [this.front, this.back] = [this.back, this.front];
  }

  private copy(from: WebGLFramebuffer, to: Picture, sx0: number, sy0: number, sx1: number, sy1: number, x0: number, y0: number, x1: number, y1: number) {
    const { gl } = this;
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, from);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, to.frame);
    gl.blitFramebuffer(sx0, sy0, sx1, sy1, x0, y0, x1, y1, gl.COLOR_BUFFER_BIT, gl.NEAREST);
  }

  drop() {
    const { gl } = this;
    for (const { texture, frame } of [this.resolved, this.front, this.back]) {
      gl.deleteTexture(texture);
      gl.deleteFramebuffer(frame);
    }
    gl.deleteFramebuffer(this.samples);
    for (const buffer of this.buffers) gl.deleteRenderbuffer(buffer);
  }
}
