// SPDX-License-Identifier: Apache-2.0
// Operations and paths are checked once, when they arrive: whoever walks them afterwards trusts them.
import { kNone, kRunWords, kVerbFloats, Op, StyleKind, Verb } from "./format";
import type { Tables } from "./tables";

// All bits of the exponent set: not finite.
const is_finite_word = (word: number) => (word & 0x7f800000) !== 0x7f800000;

function all_finite(words: Uint32Array, from: number, to: number): boolean {
  for (let i = from; i < to; ++i) if (!is_finite_word(words[i]!)) return false;
  return true;
}

// A path that fills exactly [from, to).
export function check_path(words: Uint32Array, from: number, to: number): boolean {
  if (to - from < 1) return false;
  const count = words[from]!;
  const values = from + 1 + Math.ceil(count / 4);
  if (values > to) return false;
  let needs = 0;
  for (let i = 0; i < count; ++i) {
    const verb = (words[from + 1 + (i >> 2)]! >>> (8 * (i & 3))) & 255;
    if (verb > Verb.close || (i === 0 && verb !== Verb.move)) return false;
    needs += kVerbFloats[verb as 0 | 1 | 2 | 3 | 4];
  }
  return values + needs === to && all_finite(words, values, to);
}

const has_text = (words: Uint32Array, at: number, tables: Tables) => {
  const size = tables.strings.length;
  return words[at]! <= size && words[at + 1]! <= size - words[at]!;
};

function check_gradient(words: Uint32Array, from: number, to: number): boolean {
  if (to - from < 5 || !all_finite(words, from + 1, from + 5)) return false;
  const stops = words[from]! >>> 1;
  if (stops === 0 || stops > (to - from - 5) / 2) return false;
  for (let i = 0; i < stops; ++i) if (!is_finite_word(words[from + 5 + 2 * i]!)) return false;
  return check_path(words, from + 5 + 2 * stops, to);
}

function check_glyphs(words: Uint32Array, from: number, to: number, tables: Tables, face: number): boolean {
  if (to - from < 8 || (to - from - 8) % 3 !== 0 || !all_finite(words, from, from + 6) || !has_text(words, from + 6, tables)) return false;
  for (let at = from + 8; at < to; at += 3) {
    const glyph = tables.glyphs[words[at]!];
    if (!glyph || glyph.face !== face || !all_finite(words, at + 1, at + 3)) return false;
  }
  return true;
}

// The operations of one run, words [from, to) of its chunk.
export function check_run(words: Uint32Array, from: number, to: number, tables: Tables): boolean {
  let kind = 0;
  let face = kNone;
  for (let at = from; at < to; ) {
    const op = words[at]! & 255;
    const argument = words[at]! >>> 8;
    const first = at + 1;
    const points = op === Op.polyline || op === Op.closed_polyline;
    const end = first + (op === Op.style ? 0 : points ? 2 * argument : argument);
    if (end > to) return false;
    let ok: boolean;
    switch (op) {
      case Op.style: {
        const style = tables.styles[argument];
        ok = style !== undefined;
        kind = style?.kind ?? 0;
        face = style?.face ?? kNone;
        break;
      }
      case Op.polyline:
      case Op.closed_polyline:
        ok = kind === StyleKind.stroke && argument >= 2 && all_finite(words, first, end);
        break;
      case Op.stroke_path:
        ok = kind === StyleKind.stroke && check_path(words, first, end);
        break;
      case Op.fill_path:
        ok = kind === StyleKind.fill && check_path(words, first, end);
        break;
      case Op.gradient_fill:
        ok = kind === StyleKind.fill && check_gradient(words, first, end);
        break;
      case Op.glyphs:
        ok = kind === StyleKind.text && check_glyphs(words, first, end, tables, face);
        break;
      case Op.image:
        ok = argument === 8 && all_finite(words, first, first + 6) && has_text(words, first + 6, tables);
        break;
      default:
        ok = false;
    }
    if (!ok) return false;
    at = end;
  }
  return true;
}

// Runs [begin, end) of `records`, all of the chunk with these words.
export function check_runs(words: Uint32Array, records: Uint32Array, begin: number, end: number, tables: Tables): boolean {
  for (let at = begin * kRunWords; at < end * kRunWords; at += kRunWords) {
    const first = records[at + 3]!;
    if (!check_run(words, first, first + records[at + 4]!, tables)) return false;
  }
  return true;
}
