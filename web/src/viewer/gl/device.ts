// SPDX-License-Identifier: Apache-2.0
// The context, and what is made of it once.
export type Gl = WebGL2RenderingContext;

// Compiled when it is first used, as most drawings do without some of them, or in advance.
export class Program {
  private readonly places = new Map<string, WebGLUniformLocation | null>();
  private program: WebGLProgram | undefined;
  private checked = false;

  constructor(
    private readonly gl: Gl,
    private readonly vertex: string,
    private readonly fragment: string,
  ) {}

  // Has it compiled while something else is waited for: whoever asks how that went has to wait.
  prepare(): this {
    this.program ??= this.link();
    return this;
  }
  use() {
    this.prepare();
    if (!this.checked) this.check();
    this.gl.useProgram(this.program!);
  }

  private link(): WebGLProgram {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [kind, text] of [
      [gl.VERTEX_SHADER, this.vertex],
      [gl.FRAGMENT_SHADER, this.fragment],
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
    const program = this.program!;
    this.checked = true;
    if (gl.getProgramParameter(program, gl.LINK_STATUS) || gl.isContextLost()) return;
    const logs = (gl.getAttachedShaders(program) ?? []).map((shader) => gl.getShaderInfoLog(shader));
    throw new Error(`The graphics driver refused a shader: ${[gl.getProgramInfoLog(program), ...logs].filter(Boolean).join(" ")}`);
  }
  // Of a uniform, once it is in use.
  at(name: string): WebGLUniformLocation | null {
    let place = this.places.get(name);
    if (place === undefined) {
      place = this.gl.getUniformLocation(this.program!, name);
      this.places.set(name, place);
    }
    return place;
  }
}

export function context_of(canvas: HTMLCanvasElement): Gl | null {
  return canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, stencil: false, powerPreference: "high-performance" });
}
