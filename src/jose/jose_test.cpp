// SPDX-License-Identifier: Apache-2.0
// Tokens and the attacks on them (RFC 8725). Forged tokens are signed here with OpenSSL, so that
// what is under test has no say in them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <set>
#include <thread>

#include "crypto/bytes.hpp"
#include "crypto/hash.hpp"
#include "jose/claims.hpp"
#include "jose/token.hpp"

namespace cad::jose {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

const SigningKey& our_key() {
  static const SigningKey key = SigningKey::generate().value();
  return key;
}
const SigningKey& other_key() {
  static const SigningKey key = SigningKey::generate().value();
  return key;
}
PublicKeys keys_of(std::initializer_list<std::string> public_jwks) {
  return PublicKeys::parse(to_jwks(std::vector<std::string>(public_jwks))).value();
}
const PublicKeys& our_keys() {
  static const PublicKeys keys = keys_of({our_key().public_jwk()});
  return keys;
}

std::string encoded(std::string_view text) { return crypto::to_base64url(crypto::as_bytes(text)); }

std::string header_with(json changes = json::object()) {
  json header = {{"alg", "RS256"}, {"kid", our_key().kid()}, {"typ", "at+jwt"}};
  header.update(changes);
  return header.dump();
}

struct Digest {
  const EVP_MD* type = EVP_sha256();
  int padding = RSA_PKCS1_PADDING;
};

std::string forge(const SigningKey& key, std::string_view header, std::string_view payload,
                  Digest digest = {}) {
  const std::string input = encoded(header) + "." + encoded(payload);
  const Secret secret = key.private_jwk();
  const Json jwk(json_loadb(secret.text().data(), secret.size(), 0, nullptr));
  EVP_PKEY* pkey = jose_openssl_jwk_to_EVP_PKEY(nullptr, jwk.get());
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* rsa = nullptr;
  EVP_DigestSignInit(context, &rsa, digest.type, nullptr, pkey);
  EVP_PKEY_CTX_set_rsa_padding(rsa, digest.padding);
  std::string signature(1024, '\0');
  std::size_t size = signature.size();
  EXPECT_EQ(1, EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                              reinterpret_cast<const unsigned char*>(input.data()), input.size()));
  signature.resize(size);
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(pkey);
  return input + "." + encoded(signature);
}

void expect_refused(std::string_view token, std::string_view why,
                    const PublicKeys& keys = our_keys(), std::string_view typ = "at+jwt",
                    MissingKid missing_kid = MissingKid::refuse) {
  const auto verified = verify(token, keys, typ, missing_kid);
  ASSERT_FALSE(verified) << why;
  EXPECT_EQ(ErrorCode::integrity, verified.error().code);
  EXPECT_THAT(verified.error().message, HasSubstr(why));
}

const std::string kPayload = R"({"sub":"u1"})";

TEST(Jose, S11_a_token_of_ours_is_verified) {
  const std::string token = sign(our_key(), kPayload, "at+jwt").value();
  const auto verified = verify(token, our_keys(), "AT+JWT");
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_EQ(our_key().kid(), verified->kid);
  EXPECT_EQ(json::parse(kPayload), verified->claims);
  const json header = json::parse(*crypto::from_base64url(token.substr(0, token.find('.'))));
  EXPECT_EQ(json({{"alg", "RS256"}, {"kid", our_key().kid()}, {"typ", "at+jwt"}}), header);
  EXPECT_TRUE(verify(forge(our_key(), header_with(), kPayload), our_keys(), ""));
}

TEST(Jose, S11_the_example_of_RFC_7515_A_2_is_verified) {
  const auto keys = PublicKeys::parse(
      R"({"keys":[{"kty":"RSA","e":"AQAB","n":")"
      "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4"
      "d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-"
      "bSf63kpaSHSXndS5z5rex"
      "MdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_"
      "I5IhlJH7aGhyxXFv"
      "UK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
      R"("}]})");
  ASSERT_TRUE(keys) << keys.error().message;
  const std::string token =
      "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLm"
      "NvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAu"
      "HIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vR"
      "K5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7n"
      "oOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
  const auto verified = verify(token, *keys, "", MissingKid::accept_with_only_key);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_EQ("joe", verified->claims["iss"]);
}

TEST(Jose, S11_another_algorithm_is_refused_however_it_is_signed) {
  const std::string why = "not signed with RS256";
  for (const json& alg :
       {json("none"), json("None"), json(""), json("rs256"), json("RS384"), json("PS256"),
        json("ES256"), json("HS256"), json("RS256 "), json({"RS256"}), json(nullptr), json(1)})
    expect_refused(forge(our_key(), header_with({{"alg", alg}}), kPayload), why);
  expect_refused(
      forge(our_key(), json{{"kid", our_key().kid()}, {"typ", "at+jwt"}}.dump(), kPayload), why);
  // What it says is right, how it is signed is not.
  for (const Digest& digest :
       {Digest{EVP_sha384()}, Digest{EVP_sha1()}, Digest{EVP_sha256(), RSA_PKCS1_PSS_PADDING}})
    expect_refused(forge(our_key(), header_with(), kPayload, digest), "signature is wrong");
}

TEST(Jose, S11_the_public_key_is_no_secret_to_sign_with) {
  const json jwk = json::parse(our_key().public_jwk());
  const Json value(json_loads(our_key().public_jwk().c_str(), 0, nullptr));
  EVP_PKEY* pkey = jose_openssl_jwk_to_EVP_PKEY(nullptr, value.get());
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(pkey, &der);
  const std::string secrets[] = {our_key().public_jwk(), jwk["n"],
                                 to_jwks({{our_key().public_jwk()}}),
                                 std::string(reinterpret_cast<char*>(der), size)};
  OPENSSL_free(der);
  EVP_PKEY_free(pkey);
  for (const std::string& secret : secrets) {
    for (const char* alg : {"HS256", "RS256"}) {
      const std::string input = encoded(header_with({{"alg", alg}})) + "." + encoded(kPayload);
      const auto mac = crypto::hmac_sha256(secret, input);
      const bool says_hs = std::string_view(alg) == "HS256";
      expect_refused(input + "." + crypto::to_base64url(crypto::as_bytes(mac)),
                     says_hs ? "not signed with RS256" : "signature is wrong");
    }
  }
}

TEST(Jose, S11_a_stripped_signature_is_refused) {
  const std::string token = sign(our_key(), kPayload, "at+jwt").value();
  const std::string unsigned_token = token.substr(0, token.rfind('.'));
  expect_refused(unsigned_token + ".", "signature is wrong");
  expect_refused(unsigned_token, "three parts");
  expect_refused(unsigned_token + ".AAAA", "signature is wrong");
  expect_refused(encoded(R"({"alg":"none"})") + "." + encoded(kPayload) + ".", "RS256");
}

TEST(Jose, S11_a_bit_flipped_anywhere_is_refused) {
  const std::string token = sign(our_key(), kPayload, "at+jwt").value();
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string flipped = token;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    EXPECT_FALSE(verify(flipped, our_keys(), "at+jwt")) << i;
  }
}

TEST(Jose, S11_one_token_has_one_spelling) {
  const std::string token = sign(our_key(), kPayload, "at+jwt").value();
  const std::size_t dot = token.find('.');
  for (const std::string& spelled :
       {" " + token, token + "\n", token + "=", token + std::string(1, '\0'),
        token.substr(0, dot) + "=" + token.substr(dot), "Bearer " + token})
    expect_refused(spelled, "base64url");
  for (const std::string& spelled : {token + ".", token + ".AAAA", "." + token, std::string(),
                                     std::string("."), std::string(".."), std::string("....")})
    EXPECT_FALSE(verify(spelled, our_keys(), "at+jwt")) << spelled;
  // 256 bytes leave four bits over in the last character.
  std::string trailing = token;
  const std::string alphabet = JOSE_B64_MAP;
  trailing.back() = alphabet[alphabet.find(trailing.back()) + 1];
  expect_refused(trailing, "base64url");
}

TEST(Jose, S11_a_token_cannot_bring_or_point_to_its_key) {
  const json attacker = json::parse(other_key().public_jwk());
  const std::pair<const char*, json> members[] = {{"jwk", attacker},
                                                  {"jku", "https://attacker.example/jwks.json"},
                                                  {"x5u", "https://attacker.example/"},
                                                  {"x5c", json::array({"MIIB"})},
                                                  {"crit", json::array({"exp"})},
                                                  {"b64", false},
                                                  {"zip", "DEF"},
                                                  {"crit", json::array()}};
  for (const auto& [name, value] : members) {
    const std::string header = header_with({{name, value}});
    expect_refused(forge(our_key(), header, kPayload), std::string("\"") + name + "\"");
    expect_refused(forge(other_key(), header, kPayload), std::string("\"") + name + "\"");
  }
}

TEST(Jose, S11_an_unknown_key_id_is_refused_whatever_it_looks_like) {
  for (const json& kid :
       {json("../../../dev/null"), json("/etc/passwd"), json("' OR '1'='1"), json("\"},{\""),
        json("|id"), json(""), json(our_key().kid() + " "), json(our_key().kid() + '\0'),
        json(std::string("\0", 1)), json(0), json(nullptr), json({our_key().kid()}),
        json(std::string(4000, 'k')), json(other_key().kid())})
    expect_refused(forge(our_key(), header_with({{"kid", kid}}), kPayload), "unknown key");
  // Our id, another's signature; and the other way round while both are believed.
  expect_refused(forge(other_key(), header_with(), kPayload), "signature is wrong");
  const PublicKeys both = keys_of({our_key().public_jwk(), other_key().public_jwk()});
  expect_refused(forge(our_key(), header_with({{"kid", other_key().kid()}}), kPayload),
                 "signature is wrong", both);
  EXPECT_TRUE(verify(sign(other_key(), kPayload, "t").value(), both, "t"));
}

TEST(Jose, S11_a_missing_key_id_is_accepted_only_where_asked_for_and_with_one_key) {
  const std::string token = forge(our_key(), R"({"alg":"RS256"})", kPayload);
  const PublicKeys both = keys_of({our_key().public_jwk(), other_key().public_jwk()});
  expect_refused(token, "does not name its key", our_keys(), "");
  expect_refused(token, "does not name its key", both, "", MissingKid::accept_with_only_key);
  EXPECT_TRUE(verify(token, our_keys(), "", MissingKid::accept_with_only_key));
  const std::string wrong = forge(other_key(), R"({"alg":"RS256"})", kPayload);
  expect_refused(wrong, "signature is wrong", our_keys(), "", MissingKid::accept_with_only_key);
}

TEST(Jose, S11_a_token_of_one_type_is_none_of_another) {
  const std::string refresh = sign(our_key(), kPayload, "refresh+jwt").value();
  expect_refused(refresh, "another type");
  expect_refused(forge(our_key(), header_with({{"typ", "at+jwt2"}}), kPayload), "another type");
  expect_refused(forge(our_key(), header_with({{"typ", 7}}), kPayload), "type is no text");
  const json untyped = {{"alg", "RS256"}, {"kid", our_key().kid()}};
  expect_refused(forge(our_key(), untyped.dump(), kPayload), "another type");
  EXPECT_TRUE(verify(refresh, our_keys(), ""));
}

TEST(Jose, S11_what_two_readers_may_read_differently_is_refused) {
  const std::string kid = our_key().kid();
  const std::string start = R"({"typ":"at+jwt","kid":")" + kid + R"(",)";
  for (const char* rest : {R"("alg":"RS256","alg":"RS256"})", R"("alg":"none","alg":"RS256"})",
                           R"("alg":"RS256","\u0061lg":"none"})"})
    expect_refused(forge(our_key(), start + rest, kPayload), "header names a member twice");
  const std::string header = header_with();
  expect_refused(forge(our_key(), header, R"({"sub":"a","sub":"b"})"), "payload names a member");
  expect_refused(forge(our_key(), header, R"({"a":{"b":1,"b":2}})"), "payload names a member");
  for (const char* payload : {"[]", "\"x\"", "1", "null"})
    expect_refused(forge(our_key(), header, payload), "no object");
  for (const char* payload : {"", "{", "{}x", "{'a':1}", "{\"a\":NaN}", "{\"a\":\"\xff\"}",
                              "{\"a\":1e999}", "eyJhbGciOiJub25lIn0.e30."})
    expect_refused(forge(our_key(), header, payload), "no JSON");
  for (const char* text : {"[]", "null", "\"RS256\""})
    expect_refused(forge(our_key(), text, kPayload), "no object");
}

TEST(Jose, S11_deep_nesting_and_length_are_bounded) {
  const auto nested = [](int depth) {
    return R"({"a":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_TRUE(verify(forge(our_key(), header_with(), nested(15)), our_keys(), ""));
  expect_refused(forge(our_key(), header_with(), nested(16)), "nested too deeply");
  expect_refused(forge(our_key(), header_with(), nested(2500)), "nested too deeply");
  expect_refused(forge(our_key(), nested(2500), kPayload), "nested too deeply");
  const std::string big = R"({"a":")" + std::string(6000, 'a') + R"("})";
  expect_refused(forge(our_key(), header_with(), big), "8 KiB");
  expect_refused(std::string(1 << 20, '.'), "8 KiB");
}

TEST(Jose, S11_no_message_repeats_the_token) {
  const std::string marker = "kJ7marker";
  for (const std::string& token :
       {forge(our_key(), header_with({{"alg", marker}}), kPayload),
        forge(our_key(), header_with({{"kid", marker}}), kPayload),
        forge(our_key(), header_with({{"typ", marker}}), kPayload),
        forge(our_key(), header_with(), marker), forge(our_key(), marker, kPayload)}) {
    const auto verified = verify(token, our_keys(), "at+jwt");
    ASSERT_FALSE(verified);
    EXPECT_THAT(verified.error().message, Not(HasSubstr(marker)));
    EXPECT_THAT(verified.error().message, Not(HasSubstr(token.substr(0, 12))));
  }
}

TEST(Jose, S11_a_key_comes_back_from_its_private_form_and_shows_none_of_it) {
  const Secret secret = our_key().private_jwk();
  const auto again = SigningKey::from_private_jwk(secret);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(our_key().kid(), again->kid());
  EXPECT_EQ(our_key().public_jwk(), again->public_jwk());
  EXPECT_TRUE(verify(sign(*again, kPayload, "t").value(), our_keys(), "t"));

  const json shown = json::parse(our_key().public_jwk());
  std::set<std::string> names;
  for (const auto& [name, value] : shown.items()) names.insert(name);
  EXPECT_EQ((std::set<std::string>{"kty", "n", "e", "kid", "use", "alg"}), names);
  EXPECT_EQ(342u, shown["n"].get<std::string>().size());
  // RFC 7638, 3: the required members in this order, without spaces.
  const std::string canonical = R"({"e":")" + shown["e"].get<std::string>() +
                                R"(","kty":"RSA","n":")" + shown["n"].get<std::string>() + R"("})";
  EXPECT_EQ(crypto::to_base64url(crypto::as_bytes(crypto::sha256(canonical))), our_key().kid());
  EXPECT_NE(our_key().kid(), other_key().kid());
}

TEST(Jose, S11_a_private_key_that_cannot_be_right_is_refused) {
  const auto refused = [](json jwk) {
    std::string text = jwk.is_string() ? jwk.get<std::string>() : jwk.dump();
    const auto key = SigningKey::from_private_jwk(Secret::from_text(text));
    ASSERT_FALSE(key);
    EXPECT_EQ(ErrorCode::invalid_argument, key.error().code);
  };
  const json good = json::parse(our_key().private_jwk().text());
  const json other = json::parse(other_key().private_jwk().text());
  for (const char* name : {"n", "d", "p", "q", "dp", "dq", "qi", "kty"}) {
    json missing = good;
    missing.erase(name);
    refused(missing);
  }
  json mixed = other;
  mixed["n"] = good["n"];
  mixed.erase("kid");
  refused(mixed);
  json named = good;
  named["kid"] = "mine";
  refused(named);
  json other_alg = good;
  other_alg["alg"] = "RS512";
  refused(other_alg);
  refused(json::parse(our_key().public_jwk()));
  refused(json("no JSON"));
  refused(json::array());
  refused({{"kty", "oct"}, {"k", "AAAA"}});
}

TEST(Jose, S11_only_usable_keys_of_a_set_are_taken) {
  const json good = json::parse(our_key().public_jwk());
  const auto changed = [&](json changes) {
    json key = good;
    key.merge_patch(changes);
    return key;
  };
  const auto count = [](json keys) {
    const auto set = PublicKeys::parse(json{{"keys", keys}}.dump());
    return set ? set->size() : 0;
  };
  EXPECT_EQ(1u, count({good}));
  EXPECT_EQ(1u, count({changed({{"use", nullptr}, {"alg", nullptr}, {"kid", nullptr}})}));
  EXPECT_EQ(1u, count({changed({{"key_ops", {"verify"}}, {"x5c", {"MIIB"}}, {"d", "AAAA"}})}));
  for (const json& change :
       {json{{"use", "enc"}}, json{{"alg", "RS512"}}, json{{"alg", "HS256"}}, json{{"kty", "EC"}},
        json{{"kty", "rsa"}}, json{{"kid", 7}}, json{{"use", 7}}, json{{"key_ops", {"encrypt"}}},
        json{{"key_ops", "verify"}}, json{{"n", nullptr}}, json{{"n", "AAAA"}}, json{{"n", "!"}},
        json{{"n", std::string(171, 'z') + "w"}}, json{{"n", std::string(1400, 'z')}},
        json{{"e", "Aw"}}, json{{"e", "AQAA"}}, json{{"e", "AQAAAAAB"}}, json{{"e", ""}}}) {
    EXPECT_EQ(0u, count({changed(change)})) << change;
    EXPECT_EQ(1u, count({changed(change), "text", nullptr, good})) << change;
  }
  const json one_bit_short = changed({{"n", "P" + good["n"].get<std::string>().substr(1)}});
  EXPECT_EQ(0u, count({one_bit_short}));
}

TEST(Jose, S11_a_key_set_is_bounded_and_read_strictly) {
  const auto refused = [](std::string_view text, std::string_view why) {
    const auto set = PublicKeys::parse(text);
    ASSERT_FALSE(set) << why;
    EXPECT_EQ(ErrorCode::integrity, set.error().code);
    EXPECT_THAT(set.error().message, HasSubstr(why));
  };
  const std::string jwk = our_key().public_jwk();
  refused("", "no JSON");
  refused("[]", "no object");
  refused(R"({"keys":{}})", "no list");
  refused(R"({"keys":[]})", "no RSA key");
  refused(R"({"keys":[)" + jwk + R"(],"keys":[]})", "twice");
  refused(R"({"keys":[)" + jwk + "," + jwk + "]}", "one id");
  refused(R"({"keys":)" + std::string(60000, '[') + "}", "nested too deeply");
  refused(std::string(70000, ' '), "64 KiB");
  json many = json::array();
  for (int i = 0; i < 33; ++i) many.push_back({{"kty", "EC"}});
  refused(json{{"keys", many}}.dump(), "more than 32");
  EXPECT_EQ(nullptr, our_keys().find(""));
}

TEST(Jose, S11_keys_sign_and_verify_from_many_threads) {
  std::vector<std::thread> threads;
  std::vector<int> good(4);
  for (int& count : good)
    threads.emplace_back([&count] {
      for (int i = 0; i < 20; ++i)
        if (verify(sign(our_key(), kPayload, "t").value(), our_keys(), "t")) ++count;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::vector<int>(4, 20), good);
}

// ---- claims ----

constexpr std::int64_t kNow = 1'700'000'000;

json claims_with(json changes = json::object()) {
  json claims = {{"iss", "https://cad.example"},
                 {"aud", "app"},
                 {"exp", kNow + 60},
                 {"iat", kNow - 10},
                 {"sub", "u"}};
  claims.merge_patch(changes);
  return claims;
}

ExpectedClaims expected() {
  return {.issuer = "https://cad.example", .audience = "app", .now = kNow, .clock_skew = 30};
}

void expect_claims_refused(json changes, std::string_view why,
                           const ExpectedClaims& expect = expected()) {
  const auto checked = check_claims(claims_with(changes), expect);
  ASSERT_FALSE(checked) << changes;
  EXPECT_EQ(ErrorCode::integrity, checked.error().code);
  EXPECT_THAT(checked.error().message, HasSubstr(why)) << changes;
}

TEST(Claims, S11_another_issuer_or_audience_is_refused) {
  EXPECT_TRUE(check_claims(claims_with(), expected()));
  for (const json& iss : {json("https://cad.example/"), json("HTTPS://cad.example"), json(""),
                          json(nullptr), json(1), json({"https://cad.example"})})
    expect_claims_refused({{"iss", iss}}, "somebody else");
  for (const json& aud : {json("app2"), json("APP"), json(""), json(1), json::array(),
                          json({"other"}), json({{"app", true}})})
    expect_claims_refused({{"aud", aud}}, "another audience");
  expect_claims_refused({{"aud", nullptr}}, "no audience");
  expect_claims_refused({{"aud", {"app", 1}}}, "audience is no text");
  EXPECT_TRUE(check_claims(claims_with({{"aud", {"app"}}}), expected()));
  expect_claims_refused({{"aud", {"app", "other"}}}, "another party");
  expect_claims_refused({{"aud", {"app", "other"}}, {"azp", "other"}}, "another party");
  expect_claims_refused({{"azp", "other"}}, "another party");
  EXPECT_TRUE(check_claims(claims_with({{"aud", {"other", "app"}}, {"azp", "app"}}), expected()));
}

TEST(Claims, S11_expired_and_early_tokens_are_refused) {
  const auto good = [](json changes) { return !!check_claims(claims_with(changes), expected()); };
  EXPECT_TRUE(good({{"exp", kNow - 29}}));
  expect_claims_refused({{"exp", kNow - 30}}, "expired");
  expect_claims_refused({{"exp", 0}}, "expired");
  expect_claims_refused({{"exp", nullptr}}, "no end");
  EXPECT_TRUE(good({{"nbf", kNow + 30}}));
  expect_claims_refused({{"nbf", kNow + 31}}, "not valid yet");
  EXPECT_TRUE(good({{"iat", kNow + 30}}));
  expect_claims_refused({{"iat", kNow + 31}}, "in the future");
  for (const char* name : {"exp", "nbf", "iat"})
    for (const json& value : {json("1800000000"), json(1.8e9), json(-1), json(true), json({1}),
                              json(std::numeric_limits<std::uint64_t>::max()),
                              json(std::numeric_limits<std::int64_t>::max())})
      expect_claims_refused({{name, value}}, "is no time");
}

TEST(Claims, S11_age_and_nonce_are_held_to_where_asked_for) {
  ExpectedClaims young = expected();
  young.max_age = 100;
  EXPECT_TRUE(check_claims(claims_with({{"iat", kNow - 130}}), young));
  expect_claims_refused({{"iat", kNow - 131}}, "too old", young);
  expect_claims_refused({{"iat", nullptr}}, "when it was issued", young);
  ExpectedClaims ours = expected();
  ours.nonce = "n-0S6";
  EXPECT_TRUE(check_claims(claims_with({{"nonce", "n-0S6"}}), ours));
  for (const json& nonce : {json("n-0s6"), json(""), json(nullptr), json(1)})
    expect_claims_refused({{"nonce", nonce}}, "nonce", ours);
  // Asking for nothing is a mistake of the caller's, not a token for anybody.
  EXPECT_EQ(ErrorCode::internal, check_claims(claims_with({{"iss", ""}}), {}).error().code);
}

}  // namespace
}  // namespace cad::jose
