// SPDX-License-Identifier: Apache-2.0
import { DamagedScene, kHeadBytes, kHeaderBytes, kNone, kSectionBytes, kSections, kTruncated, kVersion } from "./format";

export interface Box {
  min_x: number;
  min_y: number;
  max_x: number;
  max_y: number;
}

export interface Section {
  offset: number;
  bytes: number;
}

export interface Head {
  truncated: boolean;
  file_bytes: number;
  origin_x: number;
  origin_y: number;
  // Undefined: the sheet is empty.
  view: Box | undefined;
  // Millimeters of paper that a unit counts. 0: model space, which has no paper.
  mm_per_unit: number;
  primitives: number;
  sections: Section[];
}

// A u64 that is a place in a file: beyond 2^53 there is none.
function size_at(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Infinity : Number(value);
}

const tag_at = (view: DataView, at: number) => String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));

function read_section(view: DataView, at: number, index: number, end: number, file_bytes: number): Section {
  const { tag, record } = kSections[index]!;
  const section = { offset: size_at(view, at + 8), bytes: size_at(view, at + 16) };
  const { offset, bytes } = section;
  const fits = offset % 8 === 0 && offset >= end && offset <= file_bytes && bytes <= file_bytes - offset;
  if (tag_at(view, at) !== tag || view.getUint32(at + 4, true) !== record || !fits || bytes % record !== 0 || bytes / record >= kNone)
    throw new DamagedScene(`section ${tag}`);
  return section;
}

// Header and section table. `file_bytes` is what the server says; the header must say the same.
export function read_head(bytes: ArrayBuffer, file_bytes: number): Head {
  if (bytes.byteLength < kHeadBytes) throw new DamagedScene("it is shorter than its header");
  const view = new DataView(bytes);
  if (tag_at(view, 0) !== "CLSC") throw new DamagedScene("it does not start with CLSC");
  const version = view.getUint16(4, true);
  if (version !== kVersion) throw new DamagedScene(`its version ${version} is not known`);
  if (view.getUint16(6, true) !== kHeaderBytes || view.getUint32(12, true) !== kSections.length || size_at(view, 16) !== file_bytes)
    throw new DamagedScene("its header");
  const sections: Section[] = [];
  let end = kHeadBytes;
  for (let i = 0; i < kSections.length; ++i) {
    const section = read_section(view, kHeaderBytes + i * kSectionBytes, i, end, file_bytes);
    end = section.offset + section.bytes;
    sections.push(section);
  }
  const double = (at: number) => view.getFloat64(at, true);
  const origin_x = double(24);
  const origin_y = double(32);
  if (!Number.isFinite(origin_x) || !Number.isFinite(origin_y)) throw new DamagedScene("its origin");
  const mm_per_unit = double(80);
  if (!Number.isFinite(mm_per_unit) || mm_per_unit < 0) throw new DamagedScene("its unit");
  const box = { min_x: double(40), min_y: double(48), max_x: double(56), max_y: double(64) };
  const has_view = box.min_x <= box.max_x && box.min_y <= box.max_y && Object.values(box).every(Number.isFinite);
  return {
    truncated: (view.getUint32(8, true) & kTruncated) !== 0,
    file_bytes,
    origin_x,
    origin_y,
    view: has_view ? box : undefined,
    mm_per_unit,
    primitives: size_at(view, 72),
    sections,
  };
}
