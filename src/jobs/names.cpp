// SPDX-License-Identifier: Apache-2.0
#include "jobs/names.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>

#include "jobs/submit.hpp"

namespace cad::jobs {

std::string iso_time(store::UnixMs time) {
  const std::time_t seconds = static_cast<std::time_t>(time / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 80> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                parts.tm_sec, static_cast<int>(time % 1000));
  return text.data();
}

namespace {

// The length of the well-formed UTF-8 sequence at the start of `text`; 0: there is none.
// Unicode 15, table 3-7.
std::size_t sequence_length(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned>(static_cast<unsigned char>(text[i])) : 0u;
  };
  const auto follows = [&](std::size_t i) { return (at(i) & 0xc0) == 0x80; };
  const unsigned lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return follows(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    if (!follows(1) || !follows(2)) return 0;
    if (lead == 0xe0 && at(1) < 0xa0) return 0;
    if (lead == 0xed && at(1) > 0x9f) return 0;
    return 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (!follows(1) || !follows(2) || !follows(3)) return 0;
    if (lead == 0xf0 && at(1) < 0x90) return 0;
    if (lead == 0xf4 && at(1) > 0x8f) return 0;
    return 4;
  }
  return 0;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) {
      out += "\xef\xbf\xbd";
      text.remove_prefix(1);
    } else {
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return out;
}

namespace {

// C0, DEL, C1; what changes the direction or the line of the text around it (marks, embeddings,
// overrides, isolates, separators), as that makes a name look like another; the byte order mark.
bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7f;
  const auto second = static_cast<unsigned char>(character[1]);
  if (character.size() == 2) return (first == 0xc2 && second < 0xa0) || character == "\xd8\x9c";
  if (character.size() != 3) return false;
  const auto third = static_cast<unsigned char>(character[2]);
  if (first == 0xe2 && second == 0x80)
    return third == 0x8e || third == 0x8f || (third >= 0xa8 && third <= 0xae);
  if (first == 0xe2 && second == 0x81) return third >= 0xa6 && third <= 0xa9;
  return character == "\xef\xbb\xbf";
}

}  // namespace

std::string clean_file_name(std::string_view name) {
  constexpr std::size_t kMax = 255;
  if (const auto slash = name.find_last_of("/\\"); slash != name.npos)
    name.remove_prefix(slash + 1);
  std::string out;
  for (std::string text = valid_utf8(name); !text.empty();) {
    const std::size_t length = sequence_length(text);
    const bool control = is_control(std::string_view(text).substr(0, length));
    if (!control && out.size() + length > kMax) break;
    if (!control) out += text.substr(0, length);
    text.erase(0, length);
  }
  return out.empty() || out == "." || out == ".." ? "drawing" : out;
}

}  // namespace cad::jobs
