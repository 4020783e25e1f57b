// SPDX-License-Identifier: Apache-2.0
// The context, and what is made of it once.
export type Gl = WebGL2RenderingContext;

// Compiled when it is first used: most drawings do without some of them.
export class Program {
  private readonly places = new Map<string, WebGLUniformLocation | null>();
  private program: WebGLProgram | undefined;

  constructor(
    private readonly gl: Gl,
    private readonly vertex: string,
    private readonly fragment: string,
  ) {}

  use() {
    this.program ??= this.link();
    this.gl.useProgram(this.program);
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
    // After a lost context nothing links, and that is no fault.
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
      const logs = (gl.getAttachedShaders(program) ?? []).map((shader) => gl.getShaderInfoLog(shader));
      throw new Error(`The graphics driver refused a shader: ${[gl.getProgramInfoLog(program), ...logs].filter(Boolean).join(" ")}`);
    }
    return program;
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
