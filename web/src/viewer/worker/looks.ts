// SPDX-License-Identifier: Apache-2.0
// Every look that tiles have used so far, each once. Tiles name them by number, and the page keeps them in a texture: hiding a
// layer changes that texture, never a tile.
import type { Style } from "../scene/tables";
import type { Look } from "./protocol";

// A texture holds no more.
const kMost = 1 << 22;

export class Looks {
  readonly all: Look[] = [];
  private readonly by_style = new Map<number, number>();
  private readonly others = new Map<string, number>();

  constructor(private readonly styles: readonly Style[]) {}

  of(style: number, layer: number): number {
    const key = style * 2 ** 26 + (layer & 0x3ffffff);
    let look = this.by_style.get(key);
    if (look === undefined) {
      const { color, width_mm, width_units, face } = this.styles[style]!;
      // A text style's width is that of synthetic bold, which is drawn apart.
      const is_text = face !== 0xffffffff;
      look = this.push({ color, width_mm: is_text ? 0 : width_mm, width_units: is_text ? 0 : width_units, faint: false, layer });
      this.by_style.set(key, look);
    }
    return look;
  }
  other(look: Look): number {
    const key = `${look.color}:${look.width_mm}:${look.width_units}:${look.faint}:${look.layer}`;
    let found = this.others.get(key);
    if (found === undefined) {
      found = this.push(look);
      this.others.set(key, found);
    }
    return found;
  }
  private push(look: Look): number {
    if (this.all.length === kMost) return kMost - 1;
    return this.all.push(look) - 1;
  }
}
