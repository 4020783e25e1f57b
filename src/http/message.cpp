// SPDX-License-Identifier: Apache-2.0
#include "http/message.hpp"

#include <algorithm>

#include "base/percent.hpp"

namespace cad::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

Result<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  auto out = percent_decoded(text, plus_is_space);
  if (!out) return fail(ErrorCode::invalid_argument, "The URL holds an incomplete %-escape.");
  for (const char c : *out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return fail(ErrorCode::invalid_argument, "The URL holds a control character.");
  return std::move(*out);
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

void Headers::add(std::string_view name, std::string_view value) {
  std::string clean(value);
  std::replace_if(
      clean.begin(), clean.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  fields_.emplace_back(std::string(name), std::move(clean));
}

void Headers::set(std::string_view name, std::string_view value) {
  remove(name);
  add(name, value);
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [&](const auto& field) { return same_name(field.first, name); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& [field, value] : fields_)
    if (same_name(field, name)) return value;
  return std::nullopt;
}

std::string Request::path() const {
  std::string out;
  for (const std::string& segment : segments) out.append("/").append(segment);
  return out.empty() ? "/" : out;
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (key == name) return value;
  return std::nullopt;
}

std::vector<std::string_view> Request::query_values(std::string_view name) const {
  std::vector<std::string_view> out;
  for (const auto& [key, value] : query)
    if (key == name) out.push_back(value);
  return out;
}

Result<void> parse_target(std::string_view target, Request& request) {
  request.target = target;
  if (target.empty() || target.front() != '/')
    return fail(ErrorCode::invalid_argument, "The request target must be a path.");
  const auto question = target.find('?');
  std::string_view path = target.substr(1, question == target.npos ? question : question - 1);
  while (true) {
    const auto slash = path.find('/');
    CAD_ASSIGN(std::string segment, percent_decode(path.substr(0, slash), false));
    request.segments.push_back(std::move(segment));
    if (slash == path.npos) break;
    path.remove_prefix(slash + 1);
  }
  if (question == target.npos) return {};
  std::string_view query = target.substr(question + 1);
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const auto equals = pair.find('=');
    CAD_ASSIGN(std::string key, percent_decode(pair.substr(0, equals), true));
    std::string value;
    if (equals != pair.npos) {
      CAD_ASSIGN(value, percent_decode(pair.substr(equals + 1), true));
    }
    if (!pair.empty()) request.query.emplace_back(std::move(key), std::move(value));
    if (end == query.npos) break;
    query.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace cad::http
