// SPDX-License-Identifier: Apache-2.0
// Text in the drawing, and entities by their handle.
import type { Chunks } from "../scene/chunks";
import { kEntityWords, kRunWords, Op } from "../scene/format";
import { type Tables, text_at } from "../scene/tables";
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

function texts_of(tables: Tables, chunks: Chunks, run: number): string[] {
  const record = run * kRunWords;
  const words = chunks.words_of(tables.runs[record + 2]!)?.words;
  const texts: string[] = [];
  if (!words) return texts;
  const end = tables.runs[record + 3]! + tables.runs[record + 4]!;
  for (let at = tables.runs[record + 3]!; at < end; ) {
    const op = words[at]! & 255;
    const argument = words[at]! >>> 8;
    if (op === Op.glyphs) texts.push(text_at(tables.strings, words[at + 7]!, words[at + 8]!));
    at += 1 + (op === Op.style ? 0 : op === Op.polyline || op === Op.closed_polyline ? 2 * argument : argument);
  }
  return texts;
}

// Entities whose text holds `wanted`, in drawing order; case is ignored. All chunks have been loaded.
export function search(tables: Tables, chunks: Chunks, wanted: string): Found[] {
  const needle = wanted.toLocaleLowerCase();
  const found: Found[] = [];
  const { entities, runs } = tables;
  const count = runs.length / kRunWords;
  for (let at = 0; at < entities.length && found.length < kMost; at += kEntityWords) {
    const end = at + kEntityWords < entities.length ? entities[at + kEntityWords + 3]! : count;
    const texts: string[] = [];
    for (let run = entities[at + 3]!; run < end; ++run) texts.push(...texts_of(tables, chunks, run));
    const text = texts.join(" ");
    if (text.toLocaleLowerCase().includes(needle)) found.push({ ...info_of(tables, at / kEntityWords), text });
  }
  return found;
}
