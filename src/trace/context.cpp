// SPDX-License-Identifier: Apache-2.0
#include "trace/context.hpp"

#include <algorithm>
#include <set>

#include "crypto/bytes.hpp"

namespace cad::trace {
namespace {

// "00-" trace id "-" span id "-" flags
constexpr std::size_t kTraceAt = 3, kTraceDigits = 32, kSpanAt = 36, kSpanDigits = 16,
                      kFlagsAt = 53, kLength = 55;
constexpr std::size_t kMostState = 512, kMostMembers = 32;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view text) { return text.find_first_not_of('0') == text.npos; }

bool is_name(std::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '*' || c == '/';
  });
}

bool is_state_key(std::string_view key) {
  const auto at = key.find('@');
  if (at == key.npos) return is_name(key, 256) && is_letter(key.front());
  const std::string_view tenant = key.substr(0, at), system = key.substr(at + 1);
  return is_name(tenant, 241) && (is_letter(tenant.front()) || is_digit(tenant.front())) &&
         is_name(system, 14) && is_letter(system.front());
}

bool is_state_value(std::string_view value) {
  return !value.empty() && value.size() <= 256 && value.back() != ' ' &&
         std::all_of(value.begin(), value.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != ',' && c != '='; });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string random_id(std::size_t bytes) {
  std::string id;
  while (id.empty() || is_zero(id)) id = crypto::random_hex(bytes);
  return id;
}

}  // namespace

std::optional<Context> parse_traceparent(std::string_view header) {
  if (header.size() < kLength) return std::nullopt;
  const std::string_view version = header.substr(0, 2);
  if (!is_hex(version) || version == "ff") return std::nullopt;
  if (header.size() > kLength && (version == "00" || header[kLength] != '-')) return std::nullopt;
  if (header[2] != '-' || header[kSpanAt - 1] != '-' || header[kFlagsAt - 1] != '-')
    return std::nullopt;
  const std::string_view trace = header.substr(kTraceAt, kTraceDigits);
  const std::string_view span = header.substr(kSpanAt, kSpanDigits);
  const std::string_view flags = header.substr(kFlagsAt, 2);
  if (!is_hex(trace) || is_zero(trace) || !is_hex(span) || is_zero(span) || !is_hex(flags))
    return std::nullopt;
  const char low = flags[1];
  const int bits = is_digit(low) ? low - '0' : low - 'a' + 10;
  return Context{std::string(trace), std::string(span), (bits & 1) != 0, {}};
}

std::optional<std::string> parse_tracestate(std::span<const std::string_view> headers) {
  std::string out;
  std::set<std::string_view> keys;
  for (std::string_view rest : headers) {
    while (true) {
      const auto comma = rest.find(',');
      const std::string_view member = trimmed(rest.substr(0, comma));
      if (!member.empty()) {  // members may be empty
        const auto equals = member.find('=');
        const std::string_view key = member.substr(0, equals);
        if (equals == member.npos || !is_state_key(key) ||
            !is_state_value(member.substr(equals + 1)) || !keys.insert(key).second)
          return std::nullopt;
        if (!out.empty()) out.push_back(',');
        out += member;
      }
      if (out.size() > kMostState || keys.size() > kMostMembers) return std::nullopt;
      if (comma == rest.npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return out;
}

Context receive(std::span<const std::string_view> traceparents,
                std::span<const std::string_view> tracestates) {
  if (traceparents.size() == 1) {
    if (auto context = parse_traceparent(traceparents.front())) {
      context->state = parse_tracestate(tracestates).value_or("");
      return *context;
    }
  }
  return {random_id(16), random_id(8), false, {}};
}

Context next_step(const Context& context) {
  Context next = context;
  next.span_id = random_id(8);
  return next;
}

std::string to_traceparent(const Context& context) {
  return "00-" + context.trace_id + "-" + context.span_id + (context.sampled ? "-01" : "-00");
}

std::string to_text(const Context& context) {
  return to_traceparent(context) + (context.state.empty() ? "" : " " + context.state);
}

std::optional<Context> from_text(std::string_view text) {
  auto context = parse_traceparent(text.substr(0, text.find(' ')));
  if (context && text.size() > kLength + 1) {
    const std::string_view state = text.substr(kLength + 1);
    context->state = parse_tracestate({&state, 1}).value_or("");
  }
  return context;
}

std::string_view trace_id_of(std::string_view text) {
  return text.size() < kLength ? std::string_view("-") : text.substr(kTraceAt, kTraceDigits);
}

}  // namespace cad::trace
