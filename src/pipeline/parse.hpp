// SPDX-License-Identifier: Apache-2.0
// The whole main job in one call: bytes -> parts. The worker and the command line both use it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "base/parts.hpp"
#include "base/result.hpp"
#include "formats/format.hpp"

namespace cad::text {
class FontLibrary;
}

namespace cad {

struct ParseOptions {
  std::string file_name = "drawing";
  Limits limits;
  bool png = true;
  bool scene = true;
  bool service_parts = true;  // slots, index, summary, blocks, xdata as parts
  std::uint32_t image_px = 2048;
  std::uint32_t thumbnail_px = 0;  // longer side, at most; 0: none is made
  Rgb background{255, 255, 255};
  std::string only_sheet;  // key; empty = all
  std::vector<std::string> only_layers;
  bool pretty = false, reproducible = false, inline_blocks = false, inline_xdata = false;
  bool summary_only = false;  // write the summary as the `result` part
  // Command line: the document's createdAt, and where the PNG of a sheet will lie.
  std::optional<std::string> created_at;
  std::function<std::string(std::uint32_t sheet, std::string_view key)> image_path;
  // phase: "reading", "measuring", "writing", "drawing"; percent 0..100 over all.
  std::function<void(std::string_view phase, int percent)> progress;
};

struct ParseOutcome {
  FormatId format = FormatId::dxf;
  std::string version;
  std::uint64_t entities = 0;
  std::uint32_t sheets = 0;
  bool truncated = false;
};

// Parts come in this order: png, thumbnail (of the first) and scene of each sheet on which
// something is drawn, then result, blocks, slots, xdata, index, summary (service_parts). Errors:
// identify()'s and the reader's; invalid_argument for an unknown sheet or layer; whatever the sink
// answers.
Result<ParseOutcome> parse_to_parts(Bytes file, const ParseOptions& options,
                                    text::FontLibrary& fonts, PartSink& out);

std::string_view parser_version();  // "0.1.0"

}  // namespace cad
