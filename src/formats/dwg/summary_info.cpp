// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/summary_info.hpp"

#include <algorithm>

#include "formats/acad/julian.hpp"

namespace cad::dwg {
namespace {

// A length (characters, the final zero included), then code page bytes or from 2007 on UTF-16.
std::string read_string(BitCursor& in, Loader& loader) {
  const std::uint16_t length = in.rs();
  std::string raw;
  if (loader.version() >= Version::r2007) {
    raw = read_utf16(in, length);
  } else {
    raw.resize(in.count(length, 8));
    in.raw(raw.data(), raw.size());
  }
  raw.resize(std::min(raw.find('\0'), raw.size()));
  return loader.version() >= Version::r2007 ? loader.decode_unicode(std::move(raw))
                                            : loader.decode(raw);
}

std::string read_date(BitCursor& in) {
  const auto day = static_cast<std::int32_t>(in.rl());
  return acad::iso_date(day, static_cast<std::int32_t>(in.rl()));
}

}  // namespace

SummaryInfo parse_summary_info(Bytes section, Loader& loader) {
  BitCursor in(section);
  SummaryInfo info;
  info.title = read_string(in, loader);
  info.subject = read_string(in, loader);
  info.author = read_string(in, loader);
  info.keywords = read_string(in, loader);
  info.comments = read_string(in, loader);
  info.last_saved_by = read_string(in, loader);
  info.revision_number = read_string(in, loader);
  info.hyperlink_base = read_string(in, loader);
  in.rll();  // editing time
  info.created = read_date(in);
  info.modified = read_date(in);
  info.truncated = !in.ok();
  return info;
}

}  // namespace cad::dwg
