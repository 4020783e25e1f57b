// SPDX-License-Identifier: Apache-2.0
// The geometry that has arrived, chunk by chunk, and which runs lie in it.
import { check_runs } from "./check";
import { DamagedScene, kEntityWords, kRunWords } from "./format";
import type { Chunk, Tables } from "./tables";

export interface Words {
  words: Uint32Array;
  floats: Float32Array;
}

// Bytes of the geometry section, and the chunks in it.
export interface Fetch {
  from: number;
  to: number;
  chunks: number[];
}

const kGap = 64 << 10; // rather read over than ask anew
const kMost = 8 << 20;

// Chunks lie one after the other: those that are wanted, as few ranges that are not too long to wait for.
export function plan_fetches(chunks: readonly Chunk[], wanted: readonly number[]): Fetch[] {
  const fetches: Fetch[] = [];
  for (const index of [...wanted].sort((a, b) => a - b)) {
    const chunk = chunks[index]!;
    const end = chunk.offset + 4 * chunk.words;
    const last = fetches.at(-1);
    if (last && chunk.offset - last.to <= kGap && end - last.from <= kMost) {
      last.to = end;
      last.chunks.push(index);
    } else {
      fetches.push({ from: chunk.offset, to: end, chunks: [index] });
    }
  }
  return fetches;
}

// Runs by chunk, in drawing order: what reads them one after the other finds them one after the other in memory.
export class Chunks {
  readonly entity_of: Uint32Array;
  // Of each place the number of its run, and kRunWords words that are the run's own.
  readonly run_at: Uint32Array;
  readonly records: Uint32Array;
  private readonly first: Uint32Array;
  private readonly loaded: (Words | undefined)[];

  constructor(private readonly tables: Tables) {
    const { chunks, runs, entities } = tables;
    const count = runs.length / kRunWords;
    this.loaded = chunks.map(() => undefined);
    this.first = new Uint32Array(chunks.length + 1);
    for (let run = 0; run < count; ++run) ++this.first[runs[run * kRunWords + 2]! + 1]!;
    for (let i = 1; i < this.first.length; ++i) this.first[i]! += this.first[i - 1]!;
    const next = this.first.slice();
    this.run_at = new Uint32Array(count);
    this.records = new Uint32Array(runs.length);
    for (let run = 0; run < count; ++run) {
      const from = run * kRunWords;
      const place = next[runs[from + 2]!]!++;
      this.run_at[place] = run;
      for (let i = 0; i < kRunWords; ++i) this.records[place * kRunWords + i] = runs[from + i]!;
    }
    this.entity_of = new Uint32Array(count);
    const last = entities.length / kEntityWords;
    for (let entity = 0; entity < last; ++entity) {
      const end = entity + 1 < last ? entities[(entity + 1) * kEntityWords + 3]! : count;
      this.entity_of.fill(entity, entities[entity * kEntityWords + 3]!, end);
    }
  }

  // Places [begin, end) are a chunk's.
  begin_of(chunk: number): number {
    return this.first[chunk]!;
  }
  end_of(chunk: number): number {
    return this.first[chunk + 1]!;
  }
  words_of(chunk: number): Words | undefined {
    return this.loaded[chunk];
  }
  missing(wanted: Iterable<number>): number[] {
    return [...wanted].filter((chunk) => !this.loaded[chunk] && this.tables.chunks[chunk]!.words > 0);
  }
  // `bytes` are what `fetch` asked for. Throws DamagedScene.
  add(fetch: Fetch, bytes: ArrayBuffer) {
    if (bytes.byteLength !== fetch.to - fetch.from) throw new DamagedScene("a range of it is shorter than asked for");
    for (const index of fetch.chunks) {
      const chunk = this.tables.chunks[index]!;
      const words = new Uint32Array(bytes, chunk.offset - fetch.from, chunk.words);
      if (!check_runs(words, this.records, this.begin_of(index), this.end_of(index), this.tables)) throw new DamagedScene(`chunk ${index}`);
      this.loaded[index] = { words, floats: new Float32Array(words.buffer, words.byteOffset, words.length) };
    }
  }
}
