// SPDX-License-Identifier: Apache-2.0
// What parsing one drawing produces: parts that a worker streams out, the service stores one by one
// and puts together at delivery. Shared by the producers (json, render, worker) and the consumers
// (jobs, http), so it lives at the bottom.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cad {

enum class PartKind : std::uint16_t {
  result = 1,  // the result document, without what only the service knows (jobId, status, URLs)
  slots = 2,   // SlotRecord[]: where to insert what while delivering `result`
  blocks = 3,  // the JSON array that is the value of "blocks"
  xdata = 4,   // fragments `,"xdata":{...},"extension":{...}`, addressed by slots
  index = 5,   // entity index for /entities (IndexHeader, names, IndexRecord[])
  summary =
      6,      // JSON: {schemaVersion,parserVersion,file,summary,metadata,parseInfo,sheets[] without
              // entities and layers, entityCount, layerCount}: the webhook's `result`, lists
  png = 7,    // one per sheet; number = sheet index
  scene = 8,  // one per sheet; number = sheet index
  thumbnail = 9,  // PNG of the first sheet that has one, made small
};
std::string_view to_string(PartKind kind);

// Of a thumbnail, at most. A list shows it a quarter as large, on screens of up to four times as
// many pixels.
inline constexpr std::uint32_t kThumbnailPx = 320;

// `result` holds placeholders for nothing: a slot says "at this byte offset, insert that". The
// slots of `result` come first, sorted by offset; then those of `blocks` (kind block_xdata),
// sorted, too. Little endian, 24 bytes.
enum class SlotKind : std::uint32_t {
  job = 1,          // after `"parserVersion":"x"`: insert `,"jobId":"...","status":"COMPLETED"`
  sheet_image = 2,  // inside sheet `a`: insert `,"imageUrl":"..."|null`
  tail = 3,         // before the final `}`: insert `,"imageUrl":..,"imageUrls":[..],"createdAt":..`
                    // and, when asked for, `,"blocks":` + the blocks part
  xdata = 4,        // inside an entity, before its `}`: insert bytes [a, a + b) of the xdata part
  block_xdata = 5,  // the same for an entity in `blocks`: `offset` is into that part
};
struct SlotRecord {
  std::uint64_t offset = 0;
  SlotKind kind = SlotKind::job;
  std::uint32_t b = 0;
  std::uint64_t a = 0;
};
static_assert(sizeof(SlotRecord) == 24);

// The index: IndexHeader, then `name_bytes` of NUL-terminated UTF-8 names (layers first, then
// types), padded to 8, then records in document order (sheet by sheet).
struct IndexHeader {
  std::array<char, 4> magic{'C', 'L', 'I', 'X'};
  std::uint32_t version = 1;
  std::uint32_t layer_count = 0, type_count = 0, sheet_count = 0, name_bytes = 0;
  std::uint64_t record_count = 0;
};
struct IndexRecord {
  std::uint64_t offset = 0;  // of the entity's `{` in `result`
  std::uint32_t length = 0;
  std::uint16_t type = 0, sheet = 0;
  std::uint32_t layer = 0;
  std::uint32_t handle = 0;  // its lower half; 0 for none, and in results of before it was written
  double min_x = 0, min_y = 0, max_x = 0, max_y = 0;  // NaN: unknown
};
static_assert(sizeof(IndexRecord) == 56);

// Receives parts in pieces. Every piece of a part comes before the first of the next one: result,
// blocks, slots, xdata, index, summary, then png and scene sheet by sheet.
class PartSink {
 public:
  virtual ~PartSink() = default;
  virtual Result<void> write(PartKind kind, std::uint32_t number,
                             std::span<const std::byte> bytes) = 0;
};

}  // namespace cad
