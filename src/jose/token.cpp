// SPDX-License-Identifier: Apache-2.0
#include "jose/token.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <optional>

#include "crypto/bytes.hpp"
#include "jose/strict_json.hpp"

namespace cad::jose {

namespace {

// Each would have the token say how it is to be verified, or with which key.
constexpr std::array kRefusedMembers = {"crit", "jku", "jwk", "x5u", "x5c", "b64", "zip"};

struct Parts {
  std::string_view header, payload, signature;
};

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::integrity, std::move(message));
}

Result<Parts> split(std::string_view token) {
  if (token.size() > kMaxTokenBytes) return refuse("The token is longer than 8 KiB.");
  const std::size_t first = token.find('.');
  const std::size_t second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos)
    return refuse("The token does not have three parts.");
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1)};
}

bool equal_but_for_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

Result<void> check_header(const nlohmann::json& header, std::string_view typ) {
  const auto alg = header.find("alg");
  if (alg == header.end() || !alg->is_string() || *alg != "RS256")
    return refuse("The token is not signed with RS256.");
  for (const char* name : kRefusedMembers)
    if (header.contains(name))
      return refuse(std::string("The token's header has \"") + name + "\", which is not accepted.");
  const auto given = header.find("typ");
  if (given != header.end() && !given->is_string()) return refuse("The token's type is no text.");
  if (typ.empty()) return {};
  if (given == header.end() || !equal_but_for_case(given->get_ref<const std::string&>(), typ))
    return refuse("The token is of another type.");
  return {};
}

Result<const PublicKey*> choose_key(const nlohmann::json& header, const PublicKeys& keys,
                                    MissingKid missing_kid) {
  const auto kid = header.find("kid");
  if (kid == header.end()) {
    const bool accepted = missing_kid == MissingKid::accept_with_only_key;
    if (accepted && keys.only() != nullptr) return keys.only();
    return refuse("The token does not name its key.");
  }
  const PublicKey* key = kid->is_string() ? keys.find(kid->get_ref<const std::string&>()) : nullptr;
  if (key == nullptr) return refuse("The token is signed with an unknown key.");
  return key;
}

bool is_signed_by(const PublicKey& key, const Parts& parts) {
  const Json jws = json_object_of(
      {{"protected", parts.header}, {"payload", parts.payload}, {"signature", parts.signature}});
  const Config config = quiet_config();
  const bool good = jose_jws_ver(config.get(), jws.get(), nullptr, key.jwk.get(), true);
  // OpenSSL's queue of errors is the thread's: TLS would take what is left there for its own.
  ERR_clear_error();
  return good;
}

}  // namespace

Result<std::string> sign(const SigningKey& key, const std::string& payload_json,
                         std::string_view typ) {
  Json header = json_object_of({{"alg", "RS256"}, {"kid", key.kid()}, {"typ", typ}});
  const Json signature(json_object());
  json_object_set_new(signature.get(), "protected", header.release());
  const Json jws =
      json_object_of({{"payload", crypto::to_base64url(crypto::as_bytes(payload_json))}});
  const Config config = quiet_config();
  const bool made = jose_jws_sig(config.get(), jws.get(), signature.get(), key.jwk_.get());
  ERR_clear_error();
  if (!made) return fail(ErrorCode::internal, "A token could not be signed.");
  std::string token(member(jws.get(), "protected"));
  token += '.';
  token += member(jws.get(), "payload");
  token += '.';
  return token += member(jws.get(), "signature");
}

Result<Verified> verify(std::string_view token, const PublicKeys& keys, std::string_view typ,
                        MissingKid missing_kid) {
  CAD_ASSIGN(const Parts parts, split(token));
  const auto header_json = crypto::from_base64url(parts.header);
  const auto payload_json = crypto::from_base64url(parts.payload);
  if (!header_json || !payload_json || !crypto::from_base64url(parts.signature))
    return refuse("A part of the token is no base64url.");
  CAD_ASSIGN(const auto header, parse_strict_object(*header_json, "The token's header"));
  CAD_TRY(check_header(header, typ));
  CAD_ASSIGN(const PublicKey* key, choose_key(header, keys, missing_kid));
  if (!is_signed_by(*key, parts)) return refuse("The token's signature is wrong.");
  Verified verified;
  verified.kid = header.value("kid", std::string());
  CAD_ASSIGN(verified.claims, parse_strict_object(*payload_json, "The token's payload"));
  return verified;
}

}  // namespace cad::jose
