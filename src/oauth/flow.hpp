// SPDX-License-Identifier: Apache-2.0
// Sign-in by another service: authorization code with PKCE S256 (RFC 6749, 7636, 9207, 9700, OpenID
// Connect Core). A state is bound to the browser that started, and works once. Secrets, codes,
// tokens and what a provider wrote are in no message. IO: this service's own database is away,
// INTERNAL: something else of its own; both say so in words that are for the log alone.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oauth/fetcher.hpp"
#include "oauth/openid.hpp"
#include "oauth/provider.hpp"
#include "secrets/sealed_box.hpp"
#include "store/oauth_states.hpp"

namespace cad::oauth {

struct Begin {
  std::string redirect_uri;  // the callback, as the provider knows it
  store::OauthPurpose purpose = store::OauthPurpose::sign_in;
  // Both are needed to link, and only then: a link ends with the session that asked for it.
  std::optional<std::string> link_account_id = std::nullopt, link_session_id = std::nullopt;
  std::optional<std::string> invite = std::nullopt;     // stored as its SHA-256
  std::optional<std::string> return_to = std::nullopt;  // a path of this site: "/app?x=1"
};
struct Started {
  std::string authorization_url;
  std::string binding;  // for a cookie: the callback must come with it
};

struct Callback {
  std::string state;
  std::optional<std::string> code = std::nullopt, iss = std::nullopt, error = std::nullopt;
};
// Who somebody is: (issuer, subject). The address is one that the provider has verified.
struct Identity {
  std::string provider, issuer, subject;
  std::optional<std::string> verified_email;
  std::string name;
};
struct SignedIn {
  Identity identity;
  store::OauthPurpose purpose = store::OauthPurpose::sign_in;
  std::optional<std::string> account_id, invite_hash, return_to;  // of Begin
};

inline constexpr std::int64_t kStateMs = 600'000;
inline constexpr std::int64_t kMostStates = 100'000;
// Each may hold its thread for as long as the provider takes to answer.
inline constexpr int kMostAtOnce = 8;

class SignIn {
 public:
  // `database`, `fetcher` stay the caller's.
  SignIn(store::Database& database, std::shared_ptr<secrets::KeySource> masters, Fetcher& fetcher,
         std::vector<Provider> providers, Clock clock);

  // Names of those offered, as in paths.
  std::vector<std::string> offered() const;

  // NOT_FOUND: the provider is not offered. INVALID_ARGUMENT: what is to be kept is malformed.
  // UNAVAILABLE: the provider cannot be asked now.
  Result<Started> begin(const std::string& provider, const Begin& what);

  // `binding`: the cookie's value, "" without one. The state is used up, whatever comes of it.
  // INVALID_ARGUMENT: it is none, or not this browser's or provider's, or the provider refused.
  // INTEGRITY: what the provider answered cannot be believed. Others as begin().
  Result<SignedIn> finish(const std::string& provider, const Callback& callback,
                          const std::string& binding);

  // Those that nobody came back for; how many they were.
  Result<std::int64_t> sweep();

 private:
  struct Kept;  // what a state stands for
  class Turn;
  Result<const Provider*> find(const std::string& name) const;
  Result<Kept> take(const Provider& provider, const std::string& state, const std::string& binding);
  Result<void> check_callback(const Provider& provider, const Callback& callback);
  Result<Person> ask(const Provider& provider, const std::string& code, const Kept& kept);
  Result<Person> ask_openid(const Provider& provider, const std::string& code, const Kept& kept);
  Result<Person> ask_github(const Provider& provider, const std::string& code, const Kept& kept);
  Result<std::string> ask_github_api(const std::string& url, const std::string& token);

  store::OauthStateRepository states_;
  secrets::SealedBox box_;
  Fetcher& fetcher_;
  std::vector<Provider> providers_;
  Clock clock_;
  std::map<std::string, std::unique_ptr<Published>> published_;  // of OpenID providers, by name
  std::atomic<int> under_way_ = 0;
};

}  // namespace cad::oauth
