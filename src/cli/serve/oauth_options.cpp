// SPDX-License-Identifier: Apache-2.0
#include "cli/serve/oauth_options.hpp"

namespace cad::cli {

void add_oauth_options(CLI::App& command, oauth::Settings& settings) {
  command.add_option(
      "--oauth-google-client-id", settings.google_client_id,
      "Offers sign-in with Google; the secret comes from "
      "CADLENS_OAUTH_GOOGLE_CLIENT_SECRET or CADLENS_OAUTH_GOOGLE_CLIENT_SECRET_FILE");
  command.add_option("--oauth-google-issuer", settings.google_issuer,
                     "Another OpenID provider in Google's place, by its issuer");
  command.add_option(
      "--oauth-github-client-id", settings.github_client_id,
      "Offers sign-in with GitHub; the secret comes from "
      "CADLENS_OAUTH_GITHUB_CLIENT_SECRET or CADLENS_OAUTH_GITHUB_CLIENT_SECRET_FILE");
  command.add_option(
      "--oauth-github-authorize-url", settings.github_authorize_url,
      "Where GitHub's users agree; its origin is what their identities are kept under");
  command.add_option("--oauth-github-token-url", settings.github_token_url,
                     "Where GitHub takes codes");
  command.add_option("--oauth-github-api-url", settings.github_api_url,
                     "GitHub's API, for who it was");
  command.add_option("--oauth-callback-url", settings.callback_url,
                     "Page of a web app that providers send browsers back to, with {provider} in "
                     "it; default: PUBLIC-URL/v1/auth/{provider}/callback");
  command.add_option("--oauth-ca", settings.ca_file,
                     "Certificates to trust in those providers (PEM); default: the system's");
}

}  // namespace cad::cli
