// SPDX-License-Identifier: Apache-2.0
// The context, and what is made of it once.
export type Gl = WebGL2RenderingContext;

// Compiled beside everything else. Whoever asks how that went has to wait for all that the GPU was given before: it is asked
// once, when there is nothing else yet.
export class Program {
  private readonly places = new Map<string, WebGLUniformLocation | null>();
  private readonly program: WebGLProgram;
  private readonly parallel: { COMPLETION_STATUS_KHR: number } | null;
  private checked = false;

  constructor(
    private readonly gl: Gl,
    vertex: string,
    fragment: string,
  ) {
    this.parallel = gl.getExtension("KHR_parallel_shader_compile") as { COMPLETION_STATUS_KHR: number } | null;
    this.program = this.link(vertex, fragment);
  }

  // It can be used without waiting.
  get is_ready(): boolean {
    if (this.checked) return true;
    if (this.parallel && !this.gl.isContextLost() && !this.gl.getProgramParameter(this.program, this.parallel.COMPLETION_STATUS_KHR)) return false;
    this.check();
    return true;
  }
  use() {
    if (!this.checked) this.check();
    this.gl.useProgram(this.program);
  }

  private link(vertex: string, fragment: string): WebGLProgram {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [kind, text] of [
      [gl.VERTEX_SHADER, vertex],
      [gl.FRAGMENT_SHADER, fragment],
    ] as const) {
      const shader = gl.createShader(kind)!;
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      gl.deleteShader(shader);
    }
    gl.linkProgram(program);
    return program;
  }
  // After a lost context nothing links, and that is no fault.
  private check() {
    const { gl } = this;
    const { program } = this;
    this.checked = true;
    if (gl.getProgramParameter(program, gl.LINK_STATUS) || gl.isContextLost()) return;
    const logs = (gl.getAttachedShaders(program) ?? []).map((shader) => gl.getShaderInfoLog(shader));
    throw new Error(`The graphics driver refused a shader: ${[gl.getProgramInfoLog(program), ...logs].filter(Boolean).join(" ")}`);
  }
  // Of a uniform, once it is in use.
  at(name: string): WebGLUniformLocation | null {
    let place = this.places.get(name);
    if (place === undefined) {
      place = this.gl.getUniformLocation(this.program, name);
      this.places.set(name, place);
    }
    return place;
  }
}

export function context_of(canvas: HTMLCanvasElement): Gl | null {
  return canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, stencil: false, powerPreference: "high-performance" });
}
