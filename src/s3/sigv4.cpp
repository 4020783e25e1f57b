// SPDX-License-Identifier: Apache-2.0
#include "s3/sigv4.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "crypto/hash.hpp"

namespace cad::s3 {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// Spaces at the ends go, runs of them within become one.
std::string trimmed(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
    out.push_back(c);
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

Pairs sorted_headers(const ToSign& request) {
  Pairs headers = request.headers;
  std::ranges::stable_sort(headers, {}, &Pairs::value_type::first);
  return headers;
}

std::string signed_names(const ToSign& request) {
  std::string names;
  std::string_view last;
  const Pairs headers = sorted_headers(request);
  for (const auto& [name, value] : headers) {
    if (name == last) continue;
    if (!names.empty()) names.push_back(';');
    names += name;
    last = name;
  }
  return names;
}

std::string scope_text(const Scope& scope, std::string_view date) {
  return std::string(date.substr(0, 8)) + "/" + scope.region + "/" + scope.service +
         "/aws4_request";
}

crypto::Digest keyed(const crypto::Digest& key, std::string_view text) {
  return crypto::hmac_sha256(crypto::as_bytes(key), crypto::as_bytes(text));
}

std::string signature(const ToSign& request, const Scope& scope, const Credentials& credentials,
                      std::string_view date) {
  std::string start = "AWS4";
  start += credentials.secret_key.text();
  std::array<crypto::Digest, 4> keys{};
  keys[0] = crypto::hmac_sha256(start, date.substr(0, 8));
  keys[1] = keyed(keys[0], scope.region);
  keys[2] = keyed(keys[1], scope.service);
  keys[3] = keyed(keys[2], "aws4_request");
  const std::string to_sign = std::string(kAlgorithm) + "\n" + std::string(date) + "\n" +
                              scope_text(scope, date) + "\n" +
                              crypto::sha256_hex(canonical_request(request));
  const std::string hex = crypto::to_hex(crypto::as_bytes(keyed(keys[3], to_sign)));
  crypto::wipe(std::as_writable_bytes(std::span(start)));
  crypto::wipe(std::as_writable_bytes(std::span(keys)));
  return hex;
}

}  // namespace

std::string uri_encode(std::string_view text, bool keep_slashes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c) || (keep_slashes && c == '/')) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

std::string canonical_query(Pairs query) {
  for (auto& [name, value] : query) {
    name = uri_encode(name, false);
    value = uri_encode(value, false);
  }
  std::ranges::sort(query);
  std::string out;
  for (const auto& [name, value] : query) {
    if (!out.empty()) out.push_back('&');
    out += name + "=" + value;
  }
  return out;
}

std::string canonical_request(const ToSign& request) {
  std::string headers;
  std::string_view last;
  const Pairs sorted = sorted_headers(request);
  for (const auto& [name, value] : sorted) {
    if (name == last) {
      headers.back() = ',';
      headers += trimmed(value) + "\n";
    } else {
      headers += name + ":" + trimmed(value) + "\n";
    }
    last = name;
  }
  return request.method + "\n" + request.path + "\n" + canonical_query(request.query) + "\n" +
         headers + "\n" + signed_names(request) + "\n" + request.sha256;
}

std::string amz_date(std::int64_t unix_seconds) {
  const std::time_t time = unix_seconds;
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc);
  return {text.data(), size};
}

std::string authorization(const ToSign& request, const Scope& scope, const Credentials& credentials,
                          std::int64_t unix_seconds) {
  const std::string date = amz_date(unix_seconds);
  return std::string(kAlgorithm) + " Credential=" + credentials.access_key + "/" +
         scope_text(scope, date) + ",SignedHeaders=" + signed_names(request) +
         ",Signature=" + signature(request, scope, credentials, date);
}

std::string presigned_query(ToSign request, const Scope& scope, const Credentials& credentials,
                            std::int64_t unix_seconds, std::int64_t life_seconds) {
  const std::string date = amz_date(unix_seconds);
  request.sha256 = kUnsignedPayload;
  request.query.emplace_back("X-Amz-Algorithm", kAlgorithm);
  request.query.emplace_back("X-Amz-Credential",
                             credentials.access_key + "/" + scope_text(scope, date));
  request.query.emplace_back("X-Amz-Date", date);
  request.query.emplace_back("X-Amz-Expires", std::to_string(life_seconds));
  request.query.emplace_back("X-Amz-SignedHeaders", signed_names(request));
  if (!credentials.session_token.empty())
    request.query.emplace_back("X-Amz-Security-Token", credentials.session_token);
  return canonical_query(request.query) +
         "&X-Amz-Signature=" + signature(request, scope, credentials, date);
}

}  // namespace cad::s3
