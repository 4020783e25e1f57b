// SPDX-License-Identifier: Apache-2.0
#include "oauth/answers.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "jose/strict_json.hpp"
#include "oauth/endpoint_url.hpp"

namespace cad::oauth {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxSubject = 255;  // OpenID Connect Core, section 2
constexpr std::size_t kMaxEmail = 254, kMaxName = 200, kMaxToken = 16 * 1024;

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::integrity, std::move(message));
}

std::string text_member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool true_member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

// True when there is no such list: then the standard's default holds.
bool lists(const json& object, const char* name, std::string_view wanted, bool when_absent) {
  const auto found = object.find(name);
  if (found == object.end()) return when_absent;
  return found->is_array() && std::any_of(found->begin(), found->end(), [&](const json& entry) {
           return entry.is_string() && entry.get_ref<const std::string&>() == wanted;
         });
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  return text.size() <= kMaxEmail && at != text.npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == text.npos && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
         });
}

// It is only ever shown: one that cannot be shown safely is left out.
std::string name_of(std::string name) {
  const bool plain = std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
  });
  return plain && name.size() <= kMaxName ? name : std::string();
}

Result<std::string> endpoint_of(const json& document, const char* name, bool loopback_http) {
  std::string url = text_member(document, name);
  const auto checked = check_endpoint(url, name);
  if (!checked || (checked->loopback_http && !loopback_http))
    return refuse(std::string("The provider's discovery document has no safe URL as ") + name +
                  ".");
  return url;
}

}  // namespace

Result<Discovered> read_discovery(std::string_view body, const std::string& issuer) {
  CAD_ASSIGN(const EndpointUrl own, check_issuer(issuer));
  CAD_ASSIGN(const json document,
             jose::parse_strict_object(body, "The provider's discovery document"));
  if (text_member(document, "issuer") != issuer)
    return refuse(
        "The provider's discovery document is of another issuer than the configured one.");
  Discovered out;
  CAD_ASSIGN(out.authorize_url, endpoint_of(document, "authorization_endpoint", own.loopback_http));
  CAD_ASSIGN(out.token_url, endpoint_of(document, "token_endpoint", own.loopback_http));
  CAD_ASSIGN(out.jwks_url, endpoint_of(document, "jwks_uri", own.loopback_http));
  if (!lists(document, "code_challenge_methods_supported", "S256", true))
    return refuse("The provider does not know PKCE with S256.");
  constexpr const char* kMethods = "token_endpoint_auth_methods_supported";
  out.basic_auth = lists(document, kMethods, "client_secret_basic", true);
  if (!out.basic_auth && !lists(document, kMethods, "client_secret_post", false))
    return refuse("The provider takes no client secret.");
  out.iss_promised = true_member(document, "authorization_response_iss_parameter_supported");
  return out;
}

std::string_view known_error(std::string_view code) {
  // RFC 6749 4.1.2.1 and 5.2, OpenID Connect Core 3.1.2.6, GitHub.
  static constexpr std::array<std::string_view, 20> kKnown = {"access_denied",
                                                              "invalid_request",
                                                              "unauthorized_client",
                                                              "unsupported_response_type",
                                                              "invalid_scope",
                                                              "server_error",
                                                              "temporarily_unavailable",
                                                              "invalid_client",
                                                              "invalid_grant",
                                                              "unsupported_grant_type",
                                                              "interaction_required",
                                                              "login_required",
                                                              "account_selection_required",
                                                              "consent_required",
                                                              "application_suspended",
                                                              "redirect_uri_mismatch",
                                                              "bad_verification_code",
                                                              "incorrect_client_credentials",
                                                              "unverified_user_email",
                                                              "request_not_supported"};
  const auto found = std::find(kKnown.begin(), kKnown.end(), code);
  return found == kKnown.end() ? "another_error" : *found;
}

Result<Tokens> read_tokens(int status, std::string_view body) {
  const auto answer = jose::parse_strict_object(body, "The provider's answer to the code");
  if (answer && answer->contains("error"))
    return refuse("The provider did not accept the sign-in (" +
                  std::string(known_error(text_member(*answer, "error"))) +
                  "); start it once more.");
  if (status >= 500)
    return fail(ErrorCode::unavailable, "The sign-in provider is out of order; try again later.");
  if (status != 200)
    return refuse("The provider answered the code with HTTP status " + std::to_string(status) +
                  ".");
  if (!answer) return tl::unexpected(answer.error());
  Tokens out{text_member(*answer, "access_token"), text_member(*answer, "id_token")};
  std::string type = text_member(*answer, "token_type");
  for (char& c : type)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  // A token goes into a header: nothing that could end one.
  if (type != "bearer" || out.access_token.empty() || out.access_token.size() > kMaxToken ||
      !is_printable(out.access_token))
    return refuse("The provider's answer to the code holds no bearer token.");
  return out;
}

Result<Person> person_of_claims(const json& claims) {
  Person out;
  out.subject = text_member(claims, "sub");
  if (out.subject.empty() || out.subject.size() > kMaxSubject || !is_printable(out.subject))
    return refuse("The provider's token names no subject.");
  // Some write it as text.
  const bool verified =
      true_member(claims, "email_verified") || text_member(claims, "email_verified") == "true";
  std::string email = text_member(claims, "email");
  if (verified && is_email(email)) out.verified_email = std::move(email);
  out.name = name_of(text_member(claims, "name"));
  return out;
}

Result<Person> read_github_user(std::string_view body) {
  const auto user = jose::parse_strict_object(body, "GitHub's answer about the user");
  if (!user) return tl::unexpected(user.error());
  const auto id = user->find("id");
  if (id == user->end() || !id->is_number_unsigned() || id->get<std::uint64_t>() == 0)
    return refuse("GitHub's answer about the user holds no numeric id.");
  Person out;
  out.subject = std::to_string(id->get<std::uint64_t>());
  out.name = name_of(text_member(*user, "name"));
  return out;
}

Result<std::optional<std::string>> read_github_emails(std::string_view body) {
  const json list = json::parse(body, nullptr, false);
  if (!list.is_array()) return refuse("GitHub's answer about mail addresses is no list.");
  std::optional<std::string> out;
  for (const json& entry : list) {
    if (!entry.is_object() || !true_member(entry, "primary") || !true_member(entry, "verified"))
      continue;
    std::string email = text_member(entry, "email");
    if (!is_email(email)) continue;
    if (out && *out != email) return refuse("GitHub named two primary mail addresses.");
    out = std::move(email);
  }
  return out;
}

}  // namespace cad::oauth
