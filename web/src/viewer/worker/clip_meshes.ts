// SPDX-License-Identifier: Apache-2.0
// Clips as triangles, made when a tile first needs them and told once.
import { Flattener } from "../geometry/flatten";
import { Outline } from "../geometry/outline";
import { triangulate } from "../geometry/triangulate";
import { kNone } from "../scene/format";
import type { Tables } from "../scene/tables";
import type { ClipMesh } from "./protocol";

// Of the clip's size: less than a pixel however near one looks at its edge.
const kFlat = 1e-6;
const kAll = { min_x: -Infinity, min_y: -Infinity, max_x: Infinity, max_y: Infinity };

export class ClipMeshes {
  private readonly told = new Set<number>();
  private readonly outlines = new Map<number, Outline>();
  private readonly floats: Float32Array;

  constructor(private readonly tables: Tables) {
    const { clip_paths } = tables;
    this.floats = new Float32Array(clip_paths.buffer, clip_paths.byteOffset, clip_paths.length);
  }

  // Those of `used`, and what they lie in, that were not told before; parents first.
  news(used: readonly number[]): ClipMesh[] {
    const news: number[] = [];
    for (let clip of used)
      for (; clip !== kNone && !this.told.has(clip); clip = this.tables.clips[clip]!.parent) {
        this.told.add(clip);
        news.push(clip);
      }
    return news.sort((a, b) => a - b).map((clip) => this.mesh(clip));
  }

  // The clip's outline relative to its origin.
  outline(clip: number): Outline {
    let outline = this.outlines.get(clip);
    if (!outline) this.outlines.set(clip, (outline = this.flatten(clip)));
    return outline;
  }

  private flatten(clip: number): Outline {
    const { first_word } = this.tables.clips[clip]!;
    const path = new Outline();
    const here = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };
    const flattener = new Flattener(path, Infinity, kAll);
    flattener.path(this.tables.clip_paths, this.floats, first_word, here);
    const size = Math.max(path.width, path.height);
    if (size > 0 && Number.isFinite(size)) {
      flattener.aim(size * kFlat, kAll);
      flattener.path(this.tables.clip_paths, this.floats, first_word, here);
    }
    return path;
  }

  private mesh(id: number): ClipMesh {
    const { origin_x, origin_y, parent } = this.tables.clips[id]!;
    const path = this.outline(id);
    const vertices: number[] = [];
    triangulate(path, true, (...triangle) => vertices.push(...triangle));
    const box = { min_x: path.min_x + origin_x, min_y: path.min_y + origin_y, max_x: path.max_x + origin_x, max_y: path.max_y + origin_y };
    return { id, parent, origin_x, origin_y, box, vertices: Float32Array.from(vertices) };
  }
}
