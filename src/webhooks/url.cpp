// SPDX-License-Identifier: Apache-2.0
#include "webhooks/url.hpp"

#include <algorithm>
#include <charconv>

namespace cad::webhooks {
namespace {

constexpr std::size_t kMaxUrl = 512;
constexpr std::size_t kMaxName = 253, kMaxLabel = 63;

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::invalid_argument, std::move(message));
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_label_char(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_'; }

// Programs disagree about 0177.1, 2130706433 and 0x7f.0.0.1: a name that ends in a number is an
// address to some of them (WHATWG URL, "ends in a number").
bool ends_in_number(std::string_view name) {
  const std::string_view last = name.substr(name.rfind('.') + 1);
  if (last.starts_with("0x")) return true;
  return !last.empty() && std::all_of(last.begin(), last.end(), is_digit);
}

Result<void> check_name(std::string_view name) {
  if (name.ends_with('.')) return refuse("Must name the host without a dot at its end.");
  if (name.size() > kMaxName) return refuse("Must name a host of at most 253 characters.");
  if (ends_in_number(name))
    return refuse("Must write an IPv4 address as four decimal numbers, like 198.51.100.7.");
  while (true) {
    const auto dot = name.find('.');
    const std::string_view label = name.substr(0, dot);
    if (label.empty() || label.size() > kMaxLabel ||
        !std::all_of(label.begin(), label.end(), is_label_char) || label.front() == '-' ||
        label.back() == '-')
      return refuse("Must name a host by letters, digits, hyphens and dots (xn--... for others).");
    if (dot == name.npos) return {};
    name.remove_prefix(dot + 1);
  }
}

Result<void> read_host(std::string_view text, Url& url) {
  if (text.empty()) return refuse("Must name a host.");
  if (text.front() == '[') {
    const std::string_view inner = text.substr(1, text.size() - 2);
    url.address = text.back() == ']' ? parse_address(inner) : std::nullopt;
    if (!url.address || !url.address->six)
      return refuse(
          "Must write an IPv6 address in brackets and without a zone, like [2001:db8::1].");
    url.host = to_string(*url.address);
    return {};
  }
  url.host = lower(text);
  url.address = parse_address(url.host);
  if (url.address) return {};
  return check_name(url.host);
}

Result<void> read_port(std::string_view text, Url& url) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || text.front() == '0' ||
      port > 65535)
    return refuse("Must name a port from 1 to 65535.");
  if (port != 80 && port != 443 && port < 1024)
    return refuse("Must use port 80, 443, or one from 1024 on.");
  url.port = static_cast<std::uint16_t>(port);
  return {};
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  if (text.size() > kMaxUrl) return refuse("Must have at most 512 characters.");
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return refuse("Must not hold blanks.");
    if (static_cast<unsigned char>(c) > 0x7f || c == '\\')
      return refuse("Must be plain ASCII without backslashes; other characters as %XX.");
  }
  const std::string scheme = lower(text.substr(0, 8));
  Url url;
  if (scheme == "https://") {
    text.remove_prefix(8);
  } else if (scheme.starts_with("http://")) {
    url.https = false;
    url.port = 80;
    text.remove_prefix(7);
  } else {
    return refuse("Must be an http or https URL.");
  }
  const auto end = std::min(text.find_first_of("/?#"), text.size());
  const std::string_view authority = text.substr(0, end);
  std::string_view rest = text.substr(end);
  rest = rest.substr(0, rest.find('#'));
  if (authority.find('@') != authority.npos)
    return refuse("Must not hold a user name or password.");
  const auto bracket = authority.find(']');
  const auto colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  CAD_TRY(read_host(authority.substr(0, colon), url));
  const bool default_port = colon == authority.npos;
  if (!default_port) {
    if (colon + 1 == authority.size()) return refuse("Must name a port behind the colon.");
    CAD_TRY(read_port(authority.substr(colon + 1), url));
  }
  url.text = url.https ? "https://" : "http://";
  url.text += url.address && url.address->six ? "[" + url.host + "]" : url.host;
  if (!default_port) url.text += ":" + std::to_string(url.port);
  if (!rest.starts_with('/')) url.text.push_back('/');
  url.text += rest;
  return url;
}

}  // namespace cad::webhooks
