// SPDX-License-Identifier: Apache-2.0
// A flattened path: polylines in one growing array, as flattening and clipping make them.
export interface Part {
  // Points [begin, end).
  begin: number;
  end: number;
  closed: boolean;
}

export class Outline {
  // x, y, x, y ...
  points = new Float64Array(256);
  // Of each point: does a straight piece lead to it?
  straight = new Uint8Array(128);
  count = 0;
  parts: Part[] = [];
  min_x = Infinity;
  min_y = Infinity;
  max_x = -Infinity;
  max_y = -Infinity;

  clear() {
    this.count = 0;
    this.parts.length = 0;
    this.min_x = this.min_y = Infinity;
    this.max_x = this.max_y = -Infinity;
  }
  add(x: number, y: number, straight: boolean) {
    if (this.count === this.straight.length) this.grow();
    this.straight[this.count] = straight ? 1 : 0;
    this.points[2 * this.count] = x;
    this.points[2 * this.count + 1] = y;
    ++this.count;
    if (x < this.min_x) this.min_x = x;
    if (x > this.max_x) this.max_x = x;
    if (y < this.min_y) this.min_y = y;
    if (y > this.max_y) this.max_y = y;
  }
  private grow() {
    const points = new Float64Array(2 * this.points.length);
    points.set(this.points);
    this.points = points;
    const straight = new Uint8Array(2 * this.straight.length);
    straight.set(this.straight);
    this.straight = straight;
  }
  // Ends the part that began at point `begin`; one without points is none.
  end_part(begin: number, closed: boolean) {
    if (this.count > begin) this.parts.push({ begin, end: this.count, closed });
  }
  get width() {
    return this.max_x - this.min_x;
  }
  get height() {
    return this.max_y - this.min_y;
  }
}
