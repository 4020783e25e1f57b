// SPDX-License-Identifier: Apache-2.0
#include "logging/fields.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"

namespace cad::logging {
namespace {

constexpr FieldType kText = FieldType::text, kInteger = FieldType::integer,
                    kNumber = FieldType::number, kBoolean = FieldType::boolean;

// In the order of the keys.
constexpr std::array kNames{FieldName{"account", "accountId", kText},
                            FieldName{"address", "address", kText},
                            FieldName{"again", "again", kBoolean},
                            FieldName{"around_workers", "aroundWorkers", kBoolean},
                            FieldName{"attempt", "attempt", kInteger},
                            FieldName{"bytes", "bytes", kInteger},
                            FieldName{"code", "code", kText},
                            FieldName{"complete", "complete", kBoolean},
                            FieldName{"counts", "counts", kInteger},
                            FieldName{"cpu_ms", "cpuMs", kInteger},
                            FieldName{"delivery", "deliveryId", kText},
                            FieldName{"drain_seconds", "drainSeconds", kInteger},
                            FieldName{"end", "end", kText},
                            FieldName{"entries", "entries", kInteger},
                            FieldName{"event", "event", kText},
                            FieldName{"event_id", "eventId", kText},
                            FieldName{"expected", "expected", kInteger},
                            FieldName{"feed", "feed", kInteger},
                            FieldName{"format", "format", kText},
                            FieldName{"head", "head", kText},
                            FieldName{"job", "jobId", kText},
                            FieldName{"jobs", "jobs", kInteger},
                            FieldName{"key", "keyId", kText},
                            FieldName{"kind", "kind", kText},
                            FieldName{"layer", "layer", kText},
                            FieldName{"layers", "layers", kText},
                            FieldName{"method", "method", kText},
                            FieldName{"ms", "ms", kNumber},
                            FieldName{"name", "name", kText},
                            FieldName{"objects", "objects", kInteger},
                            FieldName{"operation", "operation", kText},
                            FieldName{"path", "path", kText},
                            FieldName{"peak_bytes", "peakBytes", kInteger},
                            FieldName{"port", "port", kInteger},
                            FieldName{"reason", "reason", kText},
                            FieldName{"received", "received", kInteger},
                            FieldName{"remote", "remote", kText},
                            FieldName{"request", "requestId", kText},
                            FieldName{"requests", "requests", kInteger},
                            FieldName{"route", "route", kText},
                            FieldName{"s3_request", "s3RequestId", kText},
                            FieldName{"seq", "seq", kInteger},
                            FieldName{"signal", "signal", kInteger},
                            FieldName{"state", "state", kText},
                            FieldName{"status", "status", kInteger},
                            FieldName{"surplus", "surplus", kInteger},
                            FieldName{"tests", "tests", kInteger},
                            FieldName{"tokens", "tokens", kInteger},
                            FieldName{"trace", "traceId", kText},
                            FieldName{"try", "try", kInteger},
                            FieldName{"uploads", "uploads", kInteger},
                            FieldName{"usual", "usual", kInteger},
                            FieldName{"wall_ms", "wallMs", kInteger},
                            FieldName{"what", "what", kText},
                            FieldName{"where", "where", kText}};
static_assert(std::is_sorted(kNames.begin(), kNames.end(),
                             [](const auto& a, const auto& b) { return a.key < b.key; }));

bool is_key(std::string_view text) {
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

bool is_bare(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '\\' && c != '=';
  });
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// Where the text that begins with a quote ends, behind its second one; 0: it is not well-formed.
std::size_t end_of_text(std::string_view line) {
  for (std::size_t at = 1; at < line.size(); ++at) {
    const char c = line[at];
    if (c == '"') return is_valid_utf8(line.substr(0, at)) ? at + 1 : 0;
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return 0;
    if (c != '\\') continue;
    const std::string_view rest = line.substr(++at);
    if (rest.empty()) return 0;
    if (rest.front() == 'u') {
      if (rest.size() < 5 || !std::all_of(rest.begin() + 1, rest.begin() + 5, is_hex)) return 0;
      at += 4;
    } else if (rest.front() != '"' && rest.front() != '\\' && rest.front() != 'n') {
      return 0;
    }
  }
  return 0;
}

// Takes one field off the line's beginning.
std::optional<Field> take_field(std::string_view& line) {
  const auto equals = line.find('=');
  if (equals == line.npos || !is_key(line.substr(0, equals))) return std::nullopt;
  Field field{line.substr(0, equals), {}, false};
  line.remove_prefix(equals + 1);
  field.is_text = line.starts_with('"');
  const std::size_t end = field.is_text ? end_of_text(line) : std::min(line.find(' '), line.size());
  field.value = line.substr(0, end);
  if (field.is_text ? end == 0 : !is_bare(field.value)) return std::nullopt;
  line.remove_prefix(end);
  return field;
}

}  // namespace

std::optional<std::vector<Field>> parse_fields(std::string_view line) {
  std::vector<Field> fields;
  fields.reserve(12);
  while (true) {
    const auto field = take_field(line);
    if (!field) return std::nullopt;
    const bool repeated = std::any_of(fields.begin(), fields.end(),
                                      [&](const Field& other) { return other.key == field->key; });
    if (repeated || (fields.empty() && field->key != "event")) return std::nullopt;
    fields.push_back(*field);
    if (line.empty()) return fields;
    if (line.front() != ' ') return std::nullopt;
    line.remove_prefix(1);
  }
}

std::optional<FieldName> find_field(std::string_view key) {
  const auto found =
      std::lower_bound(kNames.begin(), kNames.end(), key,
                       [](const auto& name, auto wanted) { return name.key < wanted; });
  if (found == kNames.end() || found->key != key) return std::nullopt;
  return *found;
}

}  // namespace cad::logging
