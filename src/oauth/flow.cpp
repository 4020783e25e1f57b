// SPDX-License-Identifier: Apache-2.0
#include "oauth/flow.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "oauth/endpoint_url.hpp"
#include "oauth/exchange.hpp"

namespace cad::oauth {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSecretLength = 43;  // of it in base64url
constexpr std::size_t kMaxCode = 4096, kMaxPath = 512;
constexpr secrets::SealedUse kUse{.key_info = "sign-in states, version 1",
                                  .bound_to = "cadlens sign-in state ",
                                  .name = "sign-in state"};

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::invalid_argument, std::move(message));
}

// One text for a state that never was, is used, too old, another browser's or another provider's:
// who guesses learns nothing.
tl::unexpected<Error> no_such_state() {
  return refuse(
      "This sign-in was not started in this browser, was used already, or is older than 10 "
      "minutes; start it once more.");
}

// Trouble of this service's own may not look like the provider's, whose is told to who signs in.
template <class T>
Result<T> own(Result<T> result) {
  if (result) return result;
  Error error = std::move(result.error());
  const bool away = error.code == ErrorCode::unavailable || error.code == ErrorCode::io;
  error.code = away ? ErrorCode::io : ErrorCode::internal;
  return tl::unexpected(std::move(error));
}

bool is_path_of_this_site(std::string_view path) {
  return path.size() <= kMaxPath && path.starts_with('/') && !path.starts_with("//") &&
         std::all_of(path.begin(), path.end(),
                     [](char c) { return c > ' ' && c < '\x7f' && c != '\\'; });
}

Result<void> check_begin(const Begin& what) {
  CAD_TRY(check_endpoint(what.redirect_uri, "The callback URL"));
  const bool links = what.purpose == store::OauthPurpose::link;
  if (links != what.link_account_id.has_value() || links != what.link_session_id.has_value())
    return fail(ErrorCode::internal,
                "A link needs an account and its session, a sign-in has none.");
  if (what.return_to && !is_path_of_this_site(*what.return_to))
    return refuse("The place to return to must be a path of this site, like /app.");
  return {};
}

std::string_view scope_of(const Provider& provider) {
  return std::holds_alternative<OpenId>(provider.kind) ? "openid email profile"
                                                       : "read:user user:email";
}

// GitHub's metadata (RFC 8414) names the authorize URL's folder; we keep identities under its
// origin.
bool is_issuer_of(const Provider& provider, const std::string& iss) {
  if (iss == provider.issuer()) return true;
  const auto* github = std::get_if<GitHub>(&provider.kind);
  return github != nullptr &&
         iss == github->authorize_url.substr(0, github->authorize_url.rfind('/'));
}

}  // namespace

struct SignIn::Kept {
  store::OauthState state;
  std::string verifier, nonce;
};

class SignIn::Turn {
 public:
  explicit Turn(std::atomic<int>& count) : count_(count), mine_(count.fetch_add(1) < kMostAtOnce) {}
  ~Turn() { count_.fetch_sub(1); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  Result<void> check() const {
    if (mine_) return {};
    return fail(ErrorCode::unavailable, "Too many sign-ins at the same time; try again shortly.");
  }

 private:
  std::atomic<int>& count_;
  bool mine_;
};

SignIn::SignIn(store::Database& database, std::shared_ptr<secrets::KeySource> masters,
               Fetcher& fetcher, std::vector<Provider> providers, Clock clock)
    : states_(database),
      box_(std::move(masters), kUse),
      fetcher_(fetcher),
      providers_(std::move(providers)),
      clock_(std::move(clock)) {
  for (const Provider& provider : providers_)
    if (std::holds_alternative<OpenId>(provider.kind))
      published_[provider.name] = std::make_unique<Published>(fetcher_, provider.issuer(), clock_);
}

std::vector<std::string> SignIn::offered() const {
  std::vector<std::string> names;
  for (const Provider& provider : providers_) names.push_back(provider.name);
  return names;
}

Result<const Provider*> SignIn::find(const std::string& name) const {
  for (const Provider& provider : providers_)
    if (provider.name == name) return &provider;
  return fail(ErrorCode::not_found, "This service offers no sign-in with that provider.");
}

Result<Started> SignIn::begin(const std::string& name, const Begin& what) {
  CAD_ASSIGN(const Provider* provider, find(name));
  CAD_TRY(check_begin(what));
  const Turn turn(under_way_);
  CAD_TRY(turn.check());
  std::string authorize_url;
  if (const auto* github = std::get_if<GitHub>(&provider->kind)) {
    authorize_url = github->authorize_url;
  } else {
    CAD_ASSIGN(const Discovered found, published_.at(name)->endpoints());
    authorize_url = found.authorize_url;
  }

  const std::string state = crypto::random_token(kSecretBytes);
  const std::string verifier = crypto::random_token(kSecretBytes);
  const std::string nonce = crypto::random_token(kSecretBytes);
  Started started{"", crypto::random_token(kSecretBytes)};
  store::OauthState kept;
  kept.state_hash = crypto::sha256_hex(state);
  kept.provider = name;
  kept.binding_hash = crypto::sha256_hex(started.binding);
  CAD_ASSIGN(kept.sealed, own(box_.seal(verifier + nonce, kept.state_hash)));
  kept.redirect_uri = what.redirect_uri;
  kept.purpose = what.purpose;
  kept.account_id = what.link_account_id;
  kept.session_id = what.link_session_id;
  if (what.invite) kept.invite_hash = crypto::sha256_hex(*what.invite);
  kept.return_to = what.return_to;
  kept.created_at = clock_();
  kept.expires_at = kept.created_at + kStateMs;
  CAD_TRY(own(states_.insert(kept, kMostStates)));

  const std::string challenge = challenge_of(verifier);
  Fields fields{{"response_type", "code"},
                {"client_id", provider->client_id},
                {"redirect_uri", what.redirect_uri},
                {"scope", scope_of(*provider)},
                {"state", state},
                {"code_challenge", challenge},
                {"code_challenge_method", "S256"}};
  if (std::holds_alternative<OpenId>(provider->kind)) fields.emplace_back("nonce", nonce);
  started.authorization_url = with_query(authorize_url, fields);
  return started;
}

// The row goes first: what is tried with a state costs it, even when it was tried in vain.
Result<SignIn::Kept> SignIn::take(const Provider& provider, const std::string& state,
                                  const std::string& binding) {
  if (state.size() != kSecretLength) return no_such_state();
  CAD_ASSIGN(auto found, own(states_.take(crypto::sha256_hex(state))));
  if (!found) return no_such_state();
  Kept kept{std::move(*found), "", ""};
  const bool same_browser =
      crypto::equal_in_constant_time(crypto::sha256_hex(binding), kept.state.binding_hash);
  if (!same_browser || kept.state.provider != provider.name || clock_() >= kept.state.expires_at)
    return no_such_state();
  CAD_ASSIGN(const std::string opened, own(box_.open(kept.state.sealed, kept.state.state_hash)));
  if (opened.size() != 2 * kSecretLength)
    return fail(ErrorCode::internal, "A stored sign-in state is damaged.");
  kept.verifier = opened.substr(0, kSecretLength);
  kept.nonce = opened.substr(kSecretLength);
  return kept;
}

// Who answered comes first (RFC 9207, 2.4): an error of somebody else is none of the provider's.
Result<void> SignIn::check_callback(const Provider& provider, const Callback& callback) {
  if (callback.iss && !is_issuer_of(provider, *callback.iss))
    return refuse("The answer to this sign-in is not " + provider.label + "'s.");
  if (!callback.iss && std::holds_alternative<OpenId>(provider.kind)) {
    CAD_ASSIGN(const Discovered found, published_.at(provider.name)->endpoints());
    if (found.iss_promised)
      return refuse("The answer to this sign-in does not say that it is " + provider.label + "'s.");
  }
  if (callback.error && known_error(*callback.error) == "access_denied")
    return refuse("The sign-in was cancelled at " + provider.label + ".");
  if (callback.error)
    return refuse(provider.label + " refused the sign-in (" +
                  std::string(known_error(*callback.error)) + ").");
  if (!callback.code || callback.code->empty() || callback.code->size() > kMaxCode)
    return refuse("The answer to this sign-in has no code.");
  return {};
}

Result<SignedIn> SignIn::finish(const std::string& name, const Callback& callback,
                                const std::string& binding) {
  CAD_ASSIGN(const Provider* provider, find(name));
  const Turn turn(under_way_);
  CAD_TRY(turn.check());
  CAD_ASSIGN(const Kept kept, take(*provider, callback.state, binding));
  CAD_TRY(check_callback(*provider, callback));
  CAD_ASSIGN(Person person, ask(*provider, *callback.code, kept));
  SignedIn out;
  out.identity = {provider->name, provider->issuer(), std::move(person.subject),
                  std::move(person.verified_email), std::move(person.name)};
  out.purpose = kept.state.purpose;
  out.account_id = kept.state.account_id;
  out.invite_hash = kept.state.invite_hash;
  out.return_to = kept.state.return_to;
  return out;
}

Result<Person> SignIn::ask(const Provider& provider, const std::string& code, const Kept& kept) {
  if (std::holds_alternative<OpenId>(provider.kind)) return ask_openid(provider, code, kept);
  return ask_github(provider, code, kept);
}

Result<Person> SignIn::ask_openid(const Provider& provider, const std::string& code,
                                  const Kept& kept) {
  Published& published = *published_.at(provider.name);
  CAD_ASSIGN(const Discovered found, published.endpoints());
  CAD_ASSIGN(const Tokens tokens, exchange_code(fetcher_, provider,
                                                {found.token_url, found.basic_auth, code,
                                                 kept.state.redirect_uri, kept.verifier}));
  return check_id_token(published, tokens,
                        {provider.issuer(), provider.client_id, kept.nonce, clock_() / 1000});
}

Result<std::string> SignIn::ask_github_api(const std::string& url, const std::string& token) {
  CAD_ASSIGN(Fetched answer, fetcher_.fetch({url,
                                             {"Authorization: Bearer " + token,
                                              "Accept: application/vnd.github+json",
                                              "X-GitHub-Api-Version: 2022-11-28"}}));
  if (answer.status == 200) return std::move(answer.body);
  return fail(answer.status >= 500 ? ErrorCode::unavailable : ErrorCode::integrity,
              "GitHub answered with HTTP status " + std::to_string(answer.status) +
                  " instead of saying who signed in.");
}

Result<Person> SignIn::ask_github(const Provider& provider, const std::string& code,
                                  const Kept& kept) {
  const auto& github = std::get<GitHub>(provider.kind);
  CAD_ASSIGN(const Tokens tokens, exchange_code(fetcher_, provider,
                                                {github.token_url, false, code,
                                                 kept.state.redirect_uri, kept.verifier}));
  CAD_ASSIGN(const std::string user, ask_github_api(github.api_url + "/user", tokens.access_token));
  CAD_ASSIGN(Person person, read_github_user(user));
  CAD_ASSIGN(const std::string emails,
             ask_github_api(github.api_url + "/user/emails?per_page=100", tokens.access_token));
  CAD_ASSIGN(person.verified_email, read_github_emails(emails));
  return person;
}

Result<std::int64_t> SignIn::sweep() { return states_.remove_expired(clock_()); }

}  // namespace cad::oauth
