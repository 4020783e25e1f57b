// SPDX-License-Identifier: Apache-2.0
// Text in the drawing, and entities by their handle.
import type { Chunks, Words } from "../scene/chunks";
import { kEntityWords, kRunWords, Op } from "../scene/format";
import { type Chunk, type Tables, text_at } from "../scene/tables";
import type { EntityInfo, Found } from "./protocol";

const kMost = 500;

export const handle_of = ({ entities }: Tables, entity: number) =>
  ((BigInt(entities[entity * kEntityWords + 1]!) << 32n) | BigInt(entities[entity * kEntityWords]!)).toString(16).toUpperCase();

export function info_of(tables: Tables, entity: number): EntityInfo {
  const { entities, entity_boxes, head, runs } = tables;
  const at = entity * kEntityWords;
  const box = {
    min_x: head.origin_x + entity_boxes[at + 4]!,
    min_y: head.origin_y + entity_boxes[at + 5]!,
    max_x: head.origin_x + entity_boxes[at + 6]!,
    max_y: head.origin_y + entity_boxes[at + 7]!,
  };
  return { number: entity, index: entities[at + 2]!, handle: handle_of(tables, entity), layer: runs[entities[at + 3]! * kRunWords] ?? 0xffffffff, box };
}

export function entity_with_handle(tables: Tables, handle: string): EntityInfo | undefined {
  if (!/^[0-9A-F]{1,16}$/.test(handle)) return undefined;
  const wanted = BigInt(`0x${handle}`);
  const low = Number(wanted & 0xffffffffn);
  const high = Number(wanted >> 32n);
  const { entities } = tables;
  for (let at = 0; at < entities.length; at += kEntityWords) if (entities[at] === low && entities[at + 1] === high) return info_of(tables, at / kEntityWords);
  return undefined;
}

// A piece of text goes on where the one before ended, in em: a word may be set in several.
const kGap = 0.35;

// Collects an entity's text from its pieces.
class Reader {
  text = "";
  private end_x = NaN;
  private end_y = NaN;

  constructor(private readonly tables: Tables) {}

  // Glyphs, whose arguments are words [first, end) of a chunk.
  add({ words, floats }: Words, first: number, end: number, { origin_x, origin_y }: Chunk) {
    const piece = text_at(this.tables.strings, words[first + 6]!, words[first + 7]!);
    if (end === first + 8) return;
    const [a, b, c, d, e, f] = floats.subarray(first, first + 6) as unknown as [number, number, number, number, number, number];
    const x = (at: number, advance: number) => a * (floats[at + 1]! + advance) + c * floats[at + 2]! + e + origin_x;
    const y = (at: number, advance: number) => b * (floats[at + 1]! + advance) + d * floats[at + 2]! + f + origin_y;
    const goes_on = Math.hypot(x(first + 8, 0) - this.end_x, y(first + 8, 0) - this.end_y) < kGap * Math.max(Math.hypot(a, b), Math.hypot(c, d));
    this.text += (this.text && !goes_on ? " " : "") + piece;
    const last = end - 3;
    const { advance } = this.tables.glyphs[words[last]!]!;
    this.end_x = x(last, advance);
    this.end_y = y(last, advance);
  }
}

function read_run(tables: Tables, chunks: Chunks, run: number, reader: Reader) {
  const record = run * kRunWords;
  const data = chunks.words_of(tables.runs[record + 2]!);
  if (!data) return;
  const end = tables.runs[record + 3]! + tables.runs[record + 4]!;
  for (let at = tables.runs[record + 3]!; at < end; ) {
    const op = data.words[at]! & 255;
    const argument = data.words[at]! >>> 8;
    const next = at + 1 + (op === Op.style ? 0 : op === Op.polyline || op === Op.closed_polyline ? 2 * argument : argument);
    if (op === Op.glyphs) reader.add(data, at + 1, next, tables.chunks[tables.runs[record + 2]!]!);
    at = next;
  }
}

// Lines are broken anywhere, so blanks do not count, nor does case.
const plain = (text: string) => text.replace(/\s+/gu, "").toLocaleLowerCase();

// Entities whose text holds `wanted`, in drawing order. All chunks have been loaded.
export function search(tables: Tables, chunks: Chunks, wanted: string): Found[] {
  const needle = plain(wanted);
  const found: Found[] = [];
  const { entities, runs } = tables;
  const count = runs.length / kRunWords;
  for (let at = 0; at < entities.length && found.length < kMost; at += kEntityWords) {
    const end = at + kEntityWords < entities.length ? entities[at + kEntityWords + 3]! : count;
    const reader = new Reader(tables);
    for (let run = entities[at + 3]!; run < end; ++run) read_run(tables, chunks, run, reader);
    if (plain(reader.text).includes(needle)) found.push({ ...info_of(tables, at / kEntityWords), text: reader.text.trim() });
  }
  return found;
}
