// SPDX-License-Identifier: Apache-2.0
// Frames are drawn when something has changed, and computed until nothing is left to do.
export class Frames {
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
      const { changed } = this;
      this.frame = 0;
      this.changed = false;
      if (this.draw(changed)) this.go_on();
    });
  }
  stop() {
    cancelAnimationFrame(this.frame);
  }
}
