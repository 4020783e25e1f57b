// SPDX-License-Identifier: Apache-2.0
// What providers answer, read from untrusted text into values. Nothing here asks or stores
// anything; errors are INTEGRITY and repeat nothing of the text but error codes that are known
// beforehand.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cad::oauth {

// OpenID Connect Discovery 1.0, section 3.
struct Discovered {
  std::string authorize_url, token_url, jwks_url;
  bool basic_auth = true;     // else the client secret goes into the form
  bool iss_promised = false;  // callbacks name their issuer (RFC 9207)
};
// The document must name exactly `issuer`, and endpoints that are https; http on this machine only
// when the issuer is, too.
Result<Discovered> read_discovery(std::string_view body, const std::string& issuer);

struct Tokens {
  std::string access_token;
  std::string id_token;  // empty: none was given
};
// Of the token endpoint: `status` 200 with tokens, or an error (GitHub: 200, too).
Result<Tokens> read_tokens(int status, std::string_view body);

// An error code of the standards, or of GitHub's, as it is; "another_error" for all else.
std::string_view known_error(std::string_view code);

struct Person {
  std::string subject;
  std::optional<std::string> verified_email;
  std::string name;  // for display; may be empty
};
// The claims of an ID token that has been verified.
Result<Person> person_of_claims(const nlohmann::json& claims);
// GET /user: the numeric id, as the login name changes hands. Without a mail address: the one shown
// there is not verified.
Result<Person> read_github_user(std::string_view body);
// GET /user/emails: the address that is both primary and verified.
Result<std::optional<std::string>> read_github_emails(std::string_view body);

}  // namespace cad::oauth
