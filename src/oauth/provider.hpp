// SPDX-License-Identifier: Apache-2.0
// Whom users may sign in with, as values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace cad::oauth {

// What the operator may choose; the client secrets come from the environment.
struct Settings {
  std::string google_client_id, github_client_id;  // empty: not offered
  std::string google_issuer = "https://accounts.google.com";
  std::string github_authorize_url = "https://github.com/login/oauth/authorize";
  std::string github_token_url = "https://github.com/login/oauth/access_token";
  std::string github_api_url = "https://api.github.com";
  std::string ca_file;  // empty: the system's certificates
  // Where providers send browsers back, with "{provider}" in it; empty: our own endpoint.
  std::string callback_url;
};

struct ClientSecrets {
  std::optional<Secret> google, github;
};
// CADLENS_OAUTH_GOOGLE_CLIENT_SECRET, CADLENS_OAUTH_GITHUB_CLIENT_SECRET, or those with _FILE.
// Call it before threads start.
Result<ClientSecrets> client_secrets_from_environment();

// OpenID Connect: the endpoints come from the issuer's discovery document.
struct OpenId {
  std::string issuer;
};
// Plain OAuth 2.0 and GitHub's API for who it was.
struct GitHub {
  std::string issuer;  // the authorize URL's origin: what its identities are kept under
  std::string authorize_url, token_url, api_url;
};

struct Provider {
  std::string name;   // in paths and in the database: "google"
  std::string label;  // in messages: "Google"
  std::string client_id;
  Secret client_secret;
  std::variant<OpenId, GitHub> kind;

  const std::string& issuer() const;
};

// Those with a client id and a secret. INVALID_ARGUMENT: one of the two is missing, or a URL is
// none that a secret may be sent to.
Result<std::vector<Provider>> make_providers(const Settings& settings, ClientSecrets secrets);

}  // namespace cad::oauth
