// SPDX-License-Identifier: Apache-2.0
#include "oauth/provider.hpp"

#include <algorithm>

#include "oauth/endpoint_url.hpp"
#include "secrets/environment.hpp"

namespace cad::oauth {
namespace {

constexpr const char* kGoogleSecret = "CADLENS_OAUTH_GOOGLE_CLIENT_SECRET";
constexpr const char* kGithubSecret = "CADLENS_OAUTH_GITHUB_CLIENT_SECRET";
constexpr std::size_t kMaxClientId = 256;

// True: the provider is offered.
Result<bool> check_client(const std::string& id, const std::optional<Secret>& secret,
                          const char* option, const char* variable) {
  if (id.empty() && !secret) return false;
  if (id.empty())
    return fail(ErrorCode::invalid_argument,
                std::string(variable) + " is set, but " + option + " is not; give both.");
  if (!secret)
    return fail(ErrorCode::invalid_argument, std::string(option) + " is set, but neither " +
                                                 variable + " nor " + variable +
                                                 "_FILE; give both the id and the secret.");
  const bool plain =
      std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!plain || id.size() > kMaxClientId)
    return fail(ErrorCode::invalid_argument,
                std::string(option) + " must be printable ASCII of at most 256 characters.");
  return true;
}

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

const std::string& Provider::issuer() const {
  return std::visit([](const auto& of) -> const std::string& { return of.issuer; }, kind);
}

Result<ClientSecrets> client_secrets_from_environment() {
  ClientSecrets out;
  CAD_ASSIGN(out.google, secrets::secret_from_environment(kGoogleSecret));
  CAD_ASSIGN(out.github, secrets::secret_from_environment(kGithubSecret));
  return out;
}

Result<std::vector<Provider>> make_providers(const Settings& settings, ClientSecrets secrets) {
  std::vector<Provider> out;
  CAD_ASSIGN(const bool google, check_client(settings.google_client_id, secrets.google,
                                             "--oauth-google-client-id", kGoogleSecret));
  if (google) {
    CAD_TRY(check_issuer(settings.google_issuer));
    out.push_back({"google", "Google", settings.google_client_id, std::move(*secrets.google),
                   OpenId{settings.google_issuer}});
  }
  CAD_ASSIGN(const bool github, check_client(settings.github_client_id, secrets.github,
                                             "--oauth-github-client-id", kGithubSecret));
  if (github) {
    CAD_ASSIGN(const EndpointUrl authorize,
               check_endpoint(settings.github_authorize_url, "--oauth-github-authorize-url"));
    CAD_TRY(check_endpoint(settings.github_token_url, "--oauth-github-token-url"));
    CAD_TRY(check_endpoint(settings.github_api_url, "--oauth-github-api-url"));
    out.push_back({"github", "GitHub", settings.github_client_id, std::move(*secrets.github),
                   GitHub{authorize.origin, settings.github_authorize_url,
                          settings.github_token_url, without_slash(settings.github_api_url)}});
  }
  return out;
}

}  // namespace cad::oauth
