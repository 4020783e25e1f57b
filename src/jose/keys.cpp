// SPDX-License-Identifier: Apache-2.0
#include "jose/keys.hpp"

#include <openssl/err.h>

#include <array>
#include <bit>
#include <nlohmann/json.hpp>
#include <optional>

#include "crypto/bytes.hpp"
#include "jose/strict_json.hpp"
#include "jose/token.hpp"

namespace cad::jose {

namespace {

constexpr std::array kPrivateMembers = {"n", "e", "d", "p", "q", "dp", "dq", "qi"};

// Whether n and e make a key that we verify with. FIPS 186-5 wants exponents from 2^16+1 up; above
// 32 bits they only cost time.
bool is_usable(std::string_view n, std::string_view e) {
  if (n.size() > 2 * kMaxRsaBits / 8 || e.size() > 8) return false;
  auto modulus = crypto::from_base64url(n);
  auto exponent = crypto::from_base64url(e);
  if (!modulus || !exponent) return false;
  modulus->erase(0, modulus->find_first_not_of('\0'));
  exponent->erase(0, exponent->find_first_not_of('\0'));
  if (modulus->empty() || exponent->size() < 3 || exponent->size() > 4) return false;
  const auto top = static_cast<unsigned char>(modulus->front());
  const std::size_t bits = modulus->size() * 8 - static_cast<std::size_t>(std::countl_zero(top));
  const bool odd = (modulus->back() & 1) != 0 && (exponent->back() & 1) != 0;
  return odd && bits >= kMinRsaBits && bits <= kMaxRsaBits;
}

Result<std::string> thumbprint(const json_t* jwk) {
  const Config config = quiet_config();
  const Json kid(jose_jwk_thp(config.get(), jwk, "S256"));
  if (!kid) return fail(ErrorCode::internal, "A key's thumbprint could not be computed.");
  return std::string(json_string_value(kid.get()), json_string_length(kid.get()));
}

tl::unexpected<Error> bad_private_key(const char* why) {
  return fail(ErrorCode::invalid_argument,
              std::string("The signing key is no private RSA key as a JSON Web Key: ") + why);
}

// The members that a private key has, and no others.
Result<Json> bare_private_key(const json_t* jwk) {
  Json bare = json_object_of({{"kty", "RSA"}, {"alg", "RS256"}});
  for (const char* name : kPrivateMembers) {
    const std::string_view value = member(jwk, name);
    if (value.empty()) return bad_private_key("a member is missing.");
    json_object_set_new(bare.get(), name, json_stringn(value.data(), value.size()));
  }
  return bare;
}

std::string text_of(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool is_absent_or(const nlohmann::json& object, const char* name, std::string_view value) {
  return !object.contains(name) || (object[name].is_string() && object[name] == value);
}

bool may_verify(const nlohmann::json& key) {
  const auto operations = key.find("key_ops");
  if (operations == key.end()) return true;
  if (!operations->is_array()) return false;
  for (const auto& operation : *operations)
    if (operation == "verify") return true;
  return false;
}

std::optional<PublicKey> usable_key(const nlohmann::json& key) {
  if (!key.is_object() || text_of(key, "kty") != "RSA") return std::nullopt;
  if (!is_absent_or(key, "use", "sig") || !is_absent_or(key, "alg", "RS256") || !may_verify(key))
    return std::nullopt;
  if (key.contains("kid") && !key["kid"].is_string()) return std::nullopt;
  const std::string n = text_of(key, "n");
  const std::string e = text_of(key, "e");
  if (!is_usable(n, e)) return std::nullopt;
  // With "alg" in the key libjose itself refuses every other algorithm.
  return PublicKey{text_of(key, "kid"),
                   json_object_of({{"kty", "RSA"}, {"n", n}, {"e", e}, {"alg", "RS256"}})};
}

}  // namespace

Result<SigningKey> SigningKey::generate() {
  prepare_libraries();
  const Json jwk = json_object_of({{"kty", "RSA"}});
  json_object_set_new(jwk.get(), "bits", json_integer(2048));
  const Config config = quiet_config();
  const bool made = jose_jwk_gen(config.get(), jwk.get());
  ERR_clear_error();
  if (!made) return fail(ErrorCode::internal, "A signing key could not be made.");
  return from_private_jwk(dump_secret(jwk.get()));
}

Result<SigningKey> SigningKey::from_private_jwk(const Secret& secret) {
  prepare_libraries();
  if (secret.size() > kMaxJwksBytes) return bad_private_key("it is too long.");
  const std::string_view text = secret.text();
  const Json jwk(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, nullptr));
  if (member(jwk.get(), "kty") != "RSA") return bad_private_key("kty is not RSA.");
  const std::string_view alg = member(jwk.get(), "alg");
  if (!alg.empty() && alg != "RS256") return bad_private_key("alg is not RS256.");
  const std::string n(member(jwk.get(), "n"));
  const std::string e(member(jwk.get(), "e"));
  if (!is_usable(n, e)) return bad_private_key("its length or exponent is out of bounds.");

  SigningKey key;
  CAD_ASSIGN(key.jwk_, bare_private_key(jwk.get()));
  CAD_ASSIGN(key.kid_, thumbprint(key.jwk_.get()));
  const std::string_view named = member(jwk.get(), "kid");
  if (!named.empty() && named != key.kid_) return bad_private_key("kid is not its thumbprint.");
  key.public_jwk_ = nlohmann::json{{"kty", "RSA"},    {"n", n},       {"e", e},
                                   {"kid", key.kid_}, {"use", "sig"}, {"alg", "RS256"}}
                        .dump();

  // A key whose private parts are another's would sign what nobody can verify.
  CAD_ASSIGN(const PublicKeys keys, PublicKeys::parse(to_jwks({&key.public_jwk_, 1})));
  const auto trial = sign(key, "{}", "trial");
  if (!trial || !verify(*trial, keys, "trial"))
    return bad_private_key("its members do not belong together.");
  return key;
}

Secret SigningKey::private_jwk() const {
  const Json whole(json_copy(jwk_.get()));
  json_object_set_new(whole.get(), "kid", json_stringn(kid_.data(), kid_.size()));
  return dump_secret(whole.get());
}

Result<PublicKeys> PublicKeys::parse(std::string_view jwks_json) {
  prepare_libraries();
  if (jwks_json.size() > kMaxJwksBytes)
    return fail(ErrorCode::integrity, "The key set is longer than 64 KiB.");
  CAD_ASSIGN(const auto set, parse_strict_object(jwks_json, "The key set"));
  const auto list = set.find("keys");
  if (list == set.end() || !list->is_array())
    return fail(ErrorCode::integrity, "The key set has no list \"keys\".");
  if (list->size() > kMaxJwksKeys)
    return fail(ErrorCode::integrity, "The key set holds more than 32 keys.");
  PublicKeys keys;
  for (const auto& entry : *list) {
    auto key = usable_key(entry);
    if (!key) continue;
    if (!key->kid.empty() && keys.find(key->kid) != nullptr)
      return fail(ErrorCode::integrity, "The key set gives one id (kid) to two keys.");
    keys.keys_.push_back(std::move(*key));
  }
  if (keys.keys_.empty())
    return fail(ErrorCode::integrity,
                "The key set holds no RSA key of 2048 to 8192 bits for RS256 signatures.");
  return keys;
}

const PublicKey* PublicKeys::find(std::string_view kid) const {
  for (const PublicKey& key : keys_)
    if (!kid.empty() && key.kid == kid) return &key;
  return nullptr;
}

std::string to_jwks(std::span<const std::string> public_jwks) {
  std::string text = R"({"keys":[)";
  for (const std::string& jwk : public_jwks) {
    if (text.back() != '[') text += ',';
    text += jwk;
  }
  return text + "]}";
}

}  // namespace cad::jose
