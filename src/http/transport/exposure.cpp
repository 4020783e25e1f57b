// SPDX-License-Identifier: Apache-2.0
#include "http/transport/exposure.hpp"

#include <algorithm>
#include <array>

#include "auth/api_key.hpp"

namespace cad::http {
namespace {

constexpr std::size_t kMaxPath = 200;

constexpr std::array<std::string_view, 9> kHeaders{
    "Authorization", "Proxy-Authorization", "X-API-Key",       "Api-Key",     "Cookie",
    "X-Auth-Token",  "X-Access-Token",      "X-CADLens-Token", "X-Csrf-Token"};

// Lower case, without "-" and "_". "code" is an OAuth code, "signature" that of our own URLs.
constexpr std::array<std::string_view, 17> kQueryNames{
    "token",        "accesstoken", "refreshtoken", "idtoken",   "sessiontoken", "resettoken",
    "apikey",       "key",         "sig",          "signature", "hmac",         "secret",
    "clientsecret", "password",    "auth",         "code",      "jwt"};

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

std::string plain_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '-' || c == '_') continue;
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return out;
}

// What looks like one of our keys, whole or not.
std::string_view key_in(std::string_view text) {
  const auto start = text.find(auth::kKeyStart);
  if (start == text.npos) return {};
  std::size_t end = start + auth::kKeyStart.size();
  while (end < text.size() && end - start < auth::kKeyLength && is_hex(text[end])) ++end;
  return text.substr(start, end - start);
}

void note_key(std::string_view text, Exposure& exposure) {
  const std::string_view key = key_in(text);
  if (key.empty() || !exposure.key_prefix.empty()) return;
  exposure.key_prefix = key.substr(0, auth::kPrefixLength);
  if (auth::is_well_formed_key(key)) exposure.key_hash = auth::hash_api_key(key);
}

}  // namespace

std::string without_keys(std::string_view text) {
  std::string out;
  while (true) {
    const std::string_view key = key_in(text);
    if (key.empty()) return out.append(text);
    const auto start = static_cast<std::size_t>(key.data() - text.data());
    out.append(text.substr(0, start)).append(key.substr(0, auth::kPrefixLength));
    if (key.size() > auth::kPrefixLength) out += "...";
    text.remove_prefix(start + key.size());
  }
}

std::optional<Exposure> find_exposure(const Request& request) {
  std::string where;
  Exposure out;
  const auto note = [&](std::string_view place, std::string_view value) {
    if (where.empty()) where = place;
    note_key(value, out);
  };
  for (const auto& entry : request.headers.all()) {
    const std::string &field = entry.first, &value = entry.second;
    const bool named = std::any_of(kHeaders.begin(), kHeaders.end(), [&](std::string_view name) {
      return plain_name(name) == plain_name(field);
    });
    if (named && !value.empty()) note(field.substr(0, 40), value);
    if (!named && !key_in(value).empty()) note("another header field", value);
  }
  for (const auto& [name, value] : request.query) {
    const std::string plain = plain_name(name);
    const bool named =
        std::find(kQueryNames.begin(), kQueryNames.end(), plain) != kQueryNames.end();
    if (named && !value.empty()) note("query " + plain, value);
    if (!named && !key_in(value).empty()) note("query", value);
    if (!key_in(name).empty()) note("query", name);
  }
  for (const std::string& segment : request.segments)
    if (!key_in(segment).empty()) note("path", segment);
  if (!key_in(request.target).empty()) note("target", request.target);
  // Passwords and tokens of people; a redirect would have them sent a second time.
  if (request.method == "POST" && request.segments.size() > 2 && request.segments[0] == "v1" &&
      request.segments[1] == "auth")
    note("body", "");
  if (where.empty()) return std::nullopt;
  out.where = where;
  out.remote = request.remote;
  out.path = without_keys(
      request.target.substr(0, std::min<std::size_t>(request.target.find('?'), kMaxPath)));
  return out;
}

}  // namespace cad::http
