// SPDX-License-Identifier: Apache-2.0
// The context, and what is made of it once.
export type Gl = WebGL2RenderingContext;

export class Program {
  private readonly places = new Map<string, WebGLUniformLocation | null>();
  private readonly program: WebGLProgram;

  constructor(
    private readonly gl: Gl,
    vertex: string,
    fragment: string,
  ) {
    this.program = gl.createProgram();
    for (const [kind, text] of [
      [gl.VERTEX_SHADER, vertex],
      [gl.FRAGMENT_SHADER, fragment],
    ] as const) {
      const shader = gl.createShader(kind)!;
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(this.program, shader);
      gl.deleteShader(shader);
    }
    gl.linkProgram(this.program);
  }

  // After a lost context nothing links, and that is no fault.
  use() {
    const { gl } = this;
    if (this.places.size === 0 && !gl.isContextLost() && !gl.getProgramParameter(this.program, gl.LINK_STATUS)) {
      const logs = (gl.getAttachedShaders(this.program) ?? []).map((shader) => gl.getShaderInfoLog(shader));
      throw new Error(`The graphics driver refused a shader: ${[gl.getProgramInfoLog(this.program), ...logs].filter(Boolean).join(" ")}`);
    }
    gl.useProgram(this.program);
  }
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
