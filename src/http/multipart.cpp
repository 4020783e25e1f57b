// SPDX-License-Identifier: Apache-2.0
#include "http/multipart.hpp"

#include <algorithm>

#include "base/percent.hpp"

namespace cad::http {
namespace {

constexpr std::string_view kCrlf = "\r\n";

tl::unexpected<Error> malformed(std::string_view what) {
  return fail(ErrorCode::invalid_argument, "The multipart body is malformed: " + std::string(what));
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Takes "charset'language'" away. Only UTF-8 is taken.
bool take_charset(std::string_view& value) {
  const auto first = value.find('\'');
  const auto second = first == value.npos ? first : value.find('\'', first + 1);
  if (second == value.npos || !same(value.substr(0, first), "utf-8")) return false;
  value.remove_prefix(second + 1);
  return true;
}

// RFC 8187: charset'language'percent-encoded.
bool decode_extended(std::string_view value, std::string& out) {
  if (!take_charset(value)) return false;
  auto decoded = percent_decoded(value);
  if (!decoded) return false;
  out = std::move(*decoded);
  return true;
}

// RFC 2231: name*0*=charset'language'percent-encoded; name*1="as it is"; ...
HeaderParameter continued_parameter(std::string_view header, std::string_view name) {
  constexpr int kMostPieces = 64;
  HeaderParameter out;
  for (int i = 0; i < kMostPieces; ++i) {
    const std::string piece = std::string(name) + "*" + std::to_string(i);
    if (const auto plain = header_parameter(header, piece); plain.found) {
      out.value += plain.value;
    } else if (const auto encoded = header_parameter(header, piece + "*"); encoded.found) {
      std::string_view value = encoded.value;
      if (i == 0 && !take_charset(value)) return {};
      const auto decoded = percent_decoded(value);
      if (!decoded) return {};
      out.value += *decoded;
    } else {
      break;
    }
    out.found = true;
  }
  return out;
}

std::string quoted_value(std::string_view text, std::size_t& at) {
  std::string value;
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    // Only these two are escapes: "C:\plans\a.dxf" comes unescaped from some clients.
    const bool escape =
        text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '"' || text[at + 1] == '\\');
    if (escape) ++at;
    value += text[at];
  }
  ++at;
  return value;
}

Result<PartHeader> read_part_header(std::string_view block) {
  PartHeader part;
  bool found = false;
  while (!block.empty()) {
    const auto end = block.find(kCrlf);
    const std::string_view line = block.substr(0, end);
    block.remove_prefix(end == block.npos ? block.size() : end + kCrlf.size());
    const auto colon = line.find(':');
    if (colon == line.npos || colon == 0) return malformed("a part has a bad header line.");
    if (!same(trim(line.substr(0, colon)), "content-disposition")) continue;
    const std::string_view value = trim(line.substr(colon + 1));
    const auto name = header_parameter(value, "name");
    if (!same(trim(value.substr(0, value.find(';'))), "form-data") || !name.found || found)
      return malformed("a part is not named form data.");
    found = true;
    part.name = name.value;
    auto file = header_parameter(value, "filename");
    const auto extended = header_parameter(value, "filename*");
    if (!file.found && !extended.found) file = continued_parameter(value, "filename");
    part.has_file_name = file.found || extended.found;
    part.file_name = file.value;
    if (extended.found) (void)decode_extended(extended.value, part.file_name);
  }
  if (!found) return malformed("a part has no Content-Disposition.");
  return part;
}

}  // namespace

HeaderParameter header_parameter(std::string_view text, std::string_view name) {
  std::size_t at = text.find(';');
  while (at != text.npos && at < text.size()) {
    ++at;
    const auto equals = text.find_first_of("=;", at);
    if (equals == text.npos) break;
    if (text[equals] == ';') {
      at = equals;
      continue;
    }
    const std::string_view key = trim(text.substr(at, equals - at));
    at = equals + 1;
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    std::string value;
    if (at < text.size() && text[at] == '"') {
      value = quoted_value(text, at);
    } else {
      const auto end = text.find(';', at);
      value = trim(text.substr(at, end == text.npos ? end : end - at));
    }
    if (same(key, name)) return {true, std::move(value)};
    at = text.find(';', std::min(at, text.size()));
  }
  return {};
}

Result<std::string> boundary_of(std::string_view content_type) {
  if (!same(trim(content_type.substr(0, content_type.find(';'))), "multipart/form-data"))
    return fail(ErrorCode::invalid_argument,
                "The request must be multipart/form-data with the drawing in the field \"file\".");
  const auto boundary = header_parameter(content_type, "boundary");
  const auto allowed = [](char c) {  // RFC 2046 section 5.1.1
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
  };
  const std::string& text = boundary.value;
  if (!boundary.found || text.empty() || text.size() > 70 || text.back() == ' ' ||
      !std::all_of(text.begin(), text.end(), allowed))
    return malformed("its boundary is missing or not valid.");
  return text;
}

MultipartParser::MultipartParser(std::string_view boundary, MultipartLimits limits)
    : limits_(limits), delimiter_("\r\n--" + std::string(boundary)) {
  pending_ = kCrlf;  // so that a first boundary without a preamble is found like the others
}

Result<void> MultipartParser::feed(std::span<const std::byte> bytes, PartReceiver& receiver) {
  pending_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  while (true) {
    CAD_ASSIGN(const bool moved, step(receiver));
    if (!moved) break;
  }
  pending_.erase(0, used_);
  used_ = 0;
  return {};
}

Result<void> MultipartParser::finish() const {
  if (state_ == State::epilogue) return {};
  return malformed("it ends before its final boundary.");
}

Result<bool> MultipartParser::step(PartReceiver& receiver) {
  switch (state_) {
    case State::preamble: return skip_preamble();
    case State::after_boundary: return after_boundary();
    case State::headers: return headers(receiver);
    case State::body: return body(receiver);
    case State::epilogue:
      padding_ += rest().size();
      used_ = pending_.size();
      if (padding_ > limits_.max_padding_bytes) return malformed("it goes on after its end.");
      return false;
  }
  return false;
}

Result<bool> MultipartParser::skip_preamble() {
  const auto at = rest().find(delimiter_);
  if (std::min(at, rest().size()) > limits_.max_padding_bytes)
    return malformed("its first boundary is missing.");
  if (at == std::string_view::npos) return false;
  used_ += at + delimiter_.size();
  state_ = State::after_boundary;
  return true;
}

Result<bool> MultipartParser::after_boundary() {
  const std::string_view text = rest();
  if (text.starts_with("--")) {
    used_ += 2;
    padding_ = 0;
    state_ = State::epilogue;
    return true;
  }
  // Blanks between boundary and line end are transport padding (RFC 2046).
  const auto end = text.find_first_not_of(" \t");
  if (end == text.npos || end + 1 >= text.size()) {
    if (text.size() > limits_.max_padding_bytes) return malformed("a boundary does not end.");
    if (end == 0 && text[0] != '-' && text[0] != '\r') return malformed("a boundary does not end.");
    return false;
  }
  if (text.substr(end, 2) != kCrlf) return malformed("a boundary does not end.");
  if (++parts_ > limits_.max_parts) return malformed("it has too many parts.");
  used_ += end;  // the CRLF stays: an empty header is then CRLF CRLF like every other end of one
  state_ = State::headers;
  return true;
}

Result<bool> MultipartParser::headers(PartReceiver& receiver) {
  const std::string_view text = rest();
  const auto end = text.find("\r\n\r\n");
  if (std::min(end, text.size()) > limits_.max_header_bytes)
    return malformed("the header of a part is too large.");
  if (end == text.npos) return false;
  CAD_ASSIGN(const PartHeader part,
             read_part_header(text.substr(0, end).substr(std::min<std::size_t>(2, end))));
  CAD_TRY(receiver.begin(part));
  used_ += end + 4;
  state_ = State::body;
  return true;
}

Result<bool> MultipartParser::body(PartReceiver& receiver) {
  const std::string_view text = rest();
  const auto at = text.find(delimiter_);
  const bool found = at != text.npos;
  const std::size_t keep = delimiter_.size() - 1;  // may be the delimiter's beginning
  const std::size_t ready = found ? at : text.size() > keep ? text.size() - keep : 0;
  if (ready > 0) {
    used_ += ready;
    CAD_TRY(receiver.data(std::as_bytes(std::span(text.data(), ready))));
  }
  if (!found) return false;
  used_ += delimiter_.size();
  CAD_TRY(receiver.end());
  state_ = State::after_boundary;
  return true;
}

}  // namespace cad::http
