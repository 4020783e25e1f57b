// SPDX-License-Identifier: Apache-2.0
// Frames are drawn when something has changed, and computed until nothing is left to do.
const kKept = 1000;

export class Frames {
  // Milliseconds of script that the last frames took, for measurements.
  readonly script_ms: number[] = [];
  private frame = 0;
  private changed = false;

  // `draw` is told whether something has changed; true: there is more to compute.
  constructor(private readonly draw: (changed: boolean) => boolean) {}

  // Something that is seen has changed.
  redraw() {
    this.changed = true;
    this.go_on();
  }
  // There is something to compute.
  go_on() {
    this.frame ||= requestAnimationFrame(() => {
      const since = performance.now();
      const { changed } = this;
      this.frame = 0;
      this.changed = false;
      if (this.draw(changed)) this.go_on();
      this.script_ms.push(performance.now() - since);
      if (this.script_ms.length > kKept) this.script_ms.shift();
    });
  }
  stop() {
    cancelAnimationFrame(this.frame);
  }
}
