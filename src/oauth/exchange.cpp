// SPDX-License-Identifier: Apache-2.0
#include "oauth/exchange.hpp"

#include "crypto/hash.hpp"

namespace cad::oauth {
namespace {

void append_escaped(std::string& out, std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    const auto byte = static_cast<unsigned char>(c);
    if (plain) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kDigits[byte >> 4]);
      out.push_back(kDigits[byte & 15]);
    }
  }
}

void wipe(std::string& text) { wipe_memory(std::as_writable_bytes(std::span(text))); }

// RFC 6749 2.3.1: both parts are escaped as in a form before they are joined.
std::string basic_header(const Provider& provider) {
  std::string both;
  append_escaped(both, provider.client_id);
  both.push_back(':');
  append_escaped(both, provider.client_secret.text());
  std::string header = "Authorization: Basic " + crypto::to_base64(crypto::as_bytes(both));
  wipe(both);
  return header;
}

}  // namespace

std::string form_of(const Fields& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out.push_back('&');
    append_escaped(out, name);
    out.push_back('=');
    append_escaped(out, value);
  }
  return out;
}

std::string with_query(const std::string& url, const Fields& fields) {
  return url + (url.find('?') == std::string::npos ? '?' : '&') + form_of(fields);
}

std::string challenge_of(std::string_view verifier) {
  return crypto::to_base64url(crypto::as_bytes(crypto::sha256(verifier)));
}

Result<Tokens> exchange_code(Fetcher& fetcher, const Provider& provider, const CodeExchange& what) {
  Fields fields{{"grant_type", "authorization_code"},
                {"code", what.code},
                {"redirect_uri", what.redirect_uri},
                {"code_verifier", what.verifier}};
  Fetch request;
  request.url = what.token_url;
  request.headers = {"Content-Type: application/x-www-form-urlencoded", "Accept: application/json"};
  if (what.basic_auth) {
    request.headers.push_back(basic_header(provider));
  } else {
    fields.emplace_back("client_id", provider.client_id);
    fields.emplace_back("client_secret", provider.client_secret.text());
  }
  request.form = form_of(fields);
  auto answer = fetcher.fetch(request);
  for (std::string& header : request.headers) wipe(header);
  wipe(*request.form);
  if (!answer) return tl::unexpected(std::move(answer.error()));
  auto tokens = read_tokens(answer->status, answer->body);
  wipe(answer->body);
  return tokens;
}

}  // namespace cad::oauth
