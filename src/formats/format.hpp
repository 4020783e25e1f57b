// SPDX-License-Identifier: Apache-2.0
// A format is one room and one row: what the registry, the worker, the command line, the API and
// the fuzzers need to know of it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"
#include "model/drawing.hpp"

namespace cad {

using Bytes = std::span<const std::byte>;

struct ReadContext {
  const Limits& limits;
  Diagnostics& diagnostics;
  // Called now and then with bytes consumed of the total; may be null.
  void (*progress)(void* user, std::uint64_t done, std::uint64_t total) = nullptr;
  void* progress_user = nullptr;
};

enum class Confidence : std::uint8_t { no, maybe, sure };

struct Format {
  FormatId id;
  std::string_view name;        // "DXF"
  std::string_view extensions;  // "dxf" (space separated)
  std::string_view mime;        // "image/vnd.dxf"
  std::string_view versions;    // for humans: "R9 to 2018+ (AC1004-AC1032), ASCII and binary"
  // Judges the first bytes (at most kSniffBytes). Never looks at a name.
  Confidence (*sniff)(Bytes head);
  // Null: recognized, but this build has no reader; `unreadable_because` then says why.
  Result<Drawing> (*read)(Bytes file, const ReadContext& context);
  std::string_view unreadable_because;
  // Refuses what the first bytes already tell cannot be read (release, password), so that it is
  // never stored; null: nothing to refuse.
  Result<void> (*admit)(Bytes head);
  bool hardened;  // has survived the fuzzing the threat model asks for
};

inline constexpr std::size_t kSniffBytes = 64 * 1024;

// All rows, readable or not.
std::span<const Format> formats();

// The format of the first bytes, or null when they are no drawing we know.
const Format* sniff(Bytes head);

// sniff() plus the errors that a person needs: NOT_A_DRAWING, UNSUPPORTED_FORMAT (named),
// UNSUPPORTED_VERSION, ENCRYPTED_DRAWING. `file_name` is used in the message only.
Result<const Format*> identify(Bytes head);

// identify() and read().
Result<Drawing> read_drawing(Bytes file, const ReadContext& context);

}  // namespace cad
