// SPDX-License-Identifier: Apache-2.0
#include "http/ranges.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace cad::http {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Calls `each` with every comma-separated item, trimmed.
template <class F>
void for_each_item(std::string_view list, F each) {
  while (true) {
    const auto comma = list.find(',');
    each(trim(list.substr(0, comma)));
    if (comma == list.npos) return;
    list.remove_prefix(comma + 1);
  }
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_zero_quality(std::string_view parameter) {
  parameter = trim(parameter);
  if (!parameter.starts_with("q=")) return false;
  return parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
}

// Of `names`, the more general after the more special, the first that the list speaks of decides.
bool accepts_one(std::string_view list, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    std::optional<bool> said;
    for_each_item(list, [&](std::string_view item) {
      const auto semicolon = item.find(';');
      if (trim(item.substr(0, semicolon)) != name) return;
      said = semicolon == item.npos || !is_zero_quality(item.substr(semicolon + 1));
    });
    if (said) return *said;
  }
  return false;
}

}  // namespace

RangeAnswer choose_range(std::optional<std::string_view> header, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!header || !header->starts_with(kUnit)) return {};
  const std::string_view text = trim(header->substr(kUnit.size()));
  const auto dash = text.find('-');
  if (dash == text.npos || text.find(',') != text.npos) return {};
  const auto first = number(text.substr(0, dash)), last = number(text.substr(dash + 1));
  if (dash == 0) {  // the last n bytes
    if (!last) return {};
    if (*last == 0 || size == 0) return {RangeKind::unsatisfiable, {}};
    return {RangeKind::part, {size - std::min(*last, size), size - 1}};
  }
  if (!first || (!last && dash + 1 < text.size()) || (last && *last < *first)) return {};
  if (*first >= size) return {RangeKind::unsatisfiable, {}};
  return {RangeKind::part, {*first, std::min(last.value_or(size - 1), size - 1)}};
}

bool tag_matches(std::string_view header, std::string_view tag) {
  bool matches = false;
  for_each_item(header, [&](std::string_view item) {
    if (item.starts_with("W/")) item.remove_prefix(2);
    matches = matches || item == "*" || item == tag;
  });
  return matches;
}

bool accepts_gzip(std::optional<std::string_view> header) {
  return header && accepts_one(*header, {"gzip", "x-gzip", "*"});
}

bool accepts_brotli(std::optional<std::string_view> header) {
  return header && accepts_one(*header, {"br"});
}

bool accepts_html(std::optional<std::string_view> header) {
  return !header || accepts_one(*header, {"text/html", "text/*", "*/*"});
}

std::string content_disposition(std::string_view kind, std::string_view file_name) {
  std::string plain, encoded;
  for (const char c : file_name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool safe = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '.' || c == '-' || c == '_';
    plain += safe || c == ' ' ? c : '_';
    if (safe) {
      encoded += c;
    } else {
      std::array<char, 4> hex{};
      std::snprintf(hex.data(), hex.size(), "%%%02X", byte);
      encoded += hex.data();
    }
  }
  return std::string(kind) + "; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
}

}  // namespace cad::http
