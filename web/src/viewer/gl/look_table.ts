// SPDX-License-Identifier: Apache-2.0
// The looks as a texture: 1024 a row, each u32 color, f32 width, flags, hidden.
import type { Look } from "../worker/protocol";
import type { Gl } from "./device";
import { color_on, faint_on, type Paper } from "./paper";

const kColumns = 1024;
const kInUnits = 1;

export class LookTable {
  readonly looks: Look[] = [];
  private readonly texture: WebGLTexture;
  private rows = 0;
  private stale = false;

  constructor(private readonly gl: Gl) {
    this.texture = gl.createTexture();
  }

  add(first: number, looks: readonly Look[]) {
    looks.forEach((look, i) => (this.looks[first + i] = look));
    if (looks.length > 0) this.stale = true;
  }
  change() {
    this.stale = true;
  }

  bind(unit: number, hidden: ReadonlySet<number>, paper: Paper) {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    if (!this.stale) return;
    this.stale = false;
    const rows = Math.max(1, Math.ceil(this.looks.length / kColumns));
    const words = new Uint32Array(4 * kColumns * rows);
    const floats = new Float32Array(words.buffer);
    this.looks.forEach(({ color, width_mm, width_units, faint, layer }, i) => {
      const shown = color_on(paper, color);
      words[4 * i] = faint ? faint_on(paper, shown) : shown;
      floats[4 * i + 1] = width_units > 0 ? width_units : width_mm;
      words[4 * i + 2] = width_units > 0 ? kInUnits : 0;
      words[4 * i + 3] = hidden.has(layer) ? 1 : 0;
    });
    if (rows > this.rows) {
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32UI, kColumns, rows, 0, gl.RGBA_INTEGER, gl.UNSIGNED_INT, words);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
      this.rows = rows;
    } else {
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, kColumns, rows, gl.RGBA_INTEGER, gl.UNSIGNED_INT, words);
    }
  }
}
