// SPDX-License-Identifier: Apache-2.0
// Small decisions of HTTP (RFC 9110): byte ranges, validators, content codings, file names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cad::http {

struct ByteRange {
  std::uint64_t first = 0, last = 0;  // inclusive
};
enum class RangeKind : std::uint8_t { whole, part, unsatisfiable };
struct RangeAnswer {
  RangeKind kind = RangeKind::whole;
  ByteRange range;
};
// One range is served; several, or what is not understood, gives the whole, as the RFC allows.
RangeAnswer choose_range(std::optional<std::string_view> header, std::uint64_t size);

// If-None-Match: does one of its tags match (weakly)?
bool tag_matches(std::string_view header, std::string_view tag);

// Accept-Encoding: may the answer be gzip, or Brotli (which is named, not meant by "*")?
bool accepts_gzip(std::optional<std::string_view> header);
bool accepts_brotli(std::optional<std::string_view> header);
// Accept: may the answer be an HTML document?
bool accepts_html(std::optional<std::string_view> header);

// `inline; filename="house.json"; filename*=UTF-8''...`: safe for any name.
std::string content_disposition(std::string_view kind, std::string_view file_name);

}  // namespace cad::http
