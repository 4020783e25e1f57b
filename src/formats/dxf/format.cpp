// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/format.hpp"

#include <algorithm>
#include <optional>

#include "formats/dxf/data_storage.hpp"
#include "formats/dxf/entity_table.hpp"
#include "formats/dxf/loader.hpp"
#include "formats/dxf/sections.hpp"
#include "formats/dxf/tags.hpp"

namespace cad::dxf {
namespace {

constexpr std::string_view kSentinel{"AutoCAD Binary DXF\r\n\x1a\0", 22};

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<Encoding> binary_encoding(std::string_view text) {
  if (!text.starts_with(kSentinel)) return std::nullopt;
  // The first group is 0 SECTION (or a comment, 999): one byte of code, or two?
  const std::string_view rest = text.substr(kSentinel.size());
  const bool two_bytes =
      rest.size() >= 2 && (rest[1] == '\0' || (rest[0] == '\xE7' && rest[1] == '\x03'));
  return two_bytes ? Encoding::binary : Encoding::binary_r12;
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end);
  if (text.starts_with('\r')) text.remove_prefix(1);
  if (text.starts_with('\n')) text.remove_prefix(1);
  return trim(line);
}

bool is_empty(const Drawing& drawing) {
  return drawing.version.empty() && drawing.layers.empty() &&
         std::ranges::all_of(drawing.blocks,
                             [](const Block& block) { return block.entities.empty(); });
}

}  // namespace

// Binary: the sentinel. ASCII: after comments (999) a group 0 that starts a section or an entity.
Confidence sniff(Bytes head) {
  std::string_view text = text_of(head);
  if (binary_encoding(text)) return Confidence::sure;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    std::string_view code = take_line(text);
    while (code.empty() && !text.empty()) code = take_line(text);
    const std::string_view value = take_line(text);
    if (code == "999") continue;
    if (code != "0") return Confidence::no;
    if (value == "SECTION") return Confidence::sure;
    return value == "EOF" || find_entity_row(value) != nullptr ? Confidence::maybe : Confidence::no;
  }
  return Confidence::no;
}

Result<Drawing> read(Bytes file, const ReadContext& context) {
  if (sniff(file.first(std::min(file.size(), kSniffBytes))) == Confidence::no)
    return fail(ErrorCode::not_a_drawing,
                "The file is no DXF drawing: it does not begin with a DXF section or entity.");
  const Encoding encoding = binary_encoding(text_of(file)).value_or(Encoding::ascii);
  TagCursor tags(file, encoding, context.limits, context.diagnostics);
  Loader loader(tags, context);
  const bool complete = read_sections(loader);
  if (!complete && is_empty(loader.drawing()) &&
      text_of(file).find("ENDSEC") == std::string_view::npos)
    return fail(ErrorCode::damaged_drawing,
                "The DXF file breaks off before its first layer or entity: nothing in it can be "
                "read. Save or transfer it again.");
  link(loader);
  attach_solid_data(loader);
  return std::move(loader.drawing());
}

}  // namespace cad::dxf
