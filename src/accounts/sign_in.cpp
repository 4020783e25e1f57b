// SPDX-License-Identifier: Apache-2.0
#include "accounts/sign_in.hpp"

#include <algorithm>

#include "accounts/rules.hpp"
#include "crypto/bytes.hpp"

namespace cad::accounts {
namespace {

using Kind = Problem::Kind;

constexpr std::size_t kMostAgent = 200;

// For its owner's list of sessions: what is not printable ASCII is nothing that a person knows it
// by.
std::string clean_agent(std::string_view agent) {
  std::string out(agent.substr(0, kMostAgent));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < 0x20 || c > 0x7e; }, ' ');
  return out;
}

store::RefreshToken refresh_record(const Token& token, const Accounts& accounts, UnixMs now) {
  return {token.hash, "", now, now + accounts.settings.refresh_life.count()};
}

tl::unexpected<Problem> not_valid() {
  return problem(Kind::unknown, "REFRESH_INVALID",
                 "The refresh token is not valid any more; sign in again.");
}

tl::unexpected<Problem> wrong_credentials() {
  return problem(Kind::unknown, "INVALID_CREDENTIALS",
                 "The e-mail address or the password is wrong.");
}

Outcome<void> check_open(const store::AccountState& account) {
  if (!account.suspended_at) return {};
  return problem(Kind::forbidden, "ACCOUNT_SUSPENDED",
                 "This account is suspended; ask whoever runs this service.");
}

}  // namespace

Outcome<SignedIn> begin_session(const Accounts& accounts, const store::User& user,
                                const Origin& origin,
                                const std::optional<std::string>& password_hash) {
  if (auto open = check_open(user.account); !open) return tl::unexpected(open.error());
  const UnixMs now = accounts.clock();
  const Token token = make_token();
  store::SessionRecord session;
  session.id = "ses_" + crypto::random_hex(16);
  session.account_id = user.account_id;
  session.user_agent = clean_agent(origin.user_agent);
  session.address = origin.address;
  session.created_at = session.last_used_at = now;
  session.expires_at = now + accounts.settings.session_life.count();
  store::RefreshToken refresh = refresh_record(token, accounts, now);
  refresh.session_id = session.id;
  const auto stored =
      accounts.sessions().insert(session, refresh, "key_" + crypto::random_hex(12), password_hash);
  if (!stored && stored.error().code == ErrorCode::conflict) return wrong_credentials();
  CAD_TRY(stored);
  CAD_ASSIGN(std::string access, accounts.tokens.issue({session.id, user.account_id}));
  accounts.note({user.account_id, "signin.ok", origin.address});
  return SignedIn{user, session.id, std::move(access), token.raw};
}

Outcome<SignedIn> sign_in(const Accounts& accounts, const std::string& email, Secret password,
                          const Origin& origin) {
  const auto key = email_key(email);
  auto user = accounts.users().find_by_email(key.value_or(""));
  if (!user && user.error().code != ErrorCode::not_found)
    return tl::unexpected(Problem(user.error()));
  if (!is_password(password, user ? user->password_hash : std::nullopt)) {
    accounts.note({user ? user->account_id : "", "signin.failed", origin.address});
    return wrong_credentials();
  }
  // The hash may have changed while it was compared.
  return begin_session(accounts, *user, origin, user->password_hash);
}

Outcome<SignedIn> refresh(const Accounts& accounts, std::string_view refresh_token,
                          const Origin& origin) {
  using Result = store::Rotation::Outcome;
  const UnixMs now = accounts.clock();
  const std::string hash = hash_token(refresh_token);
  // All that may fail comes before the token is used up: whoever has to ask again still can.
  const auto session = accounts.sessions().find_by_refresh(hash);
  if (!session && session.error().code == ErrorCode::not_found) return not_valid();
  CAD_TRY(session);
  CAD_ASSIGN(const store::User user, accounts.users().find(session->account_id));
  if (auto open = check_open(user.account); !open) return tl::unexpected(open.error());
  CAD_ASSIGN(std::string access, accounts.tokens.issue({session->id, session->account_id}));
  const Token next = make_token();
  CAD_ASSIGN(const auto rotation,
             accounts.sessions().rotate(hash, refresh_record(next, accounts, now), now));
  if (rotation.outcome == Result::reused)
    accounts.note({rotation.account_id, "session.refresh_reused", origin.address});
  if (rotation.outcome != Result::rotated) return not_valid();
  return SignedIn{user, session->id, std::move(access), next.raw};
}

Outcome<void> end_session(const Accounts& accounts, const std::string& account_id,
                          const std::string& session_id, const Origin& origin) {
  CAD_ASSIGN(const bool ended, accounts.sessions().end(account_id, session_id));
  if (!ended) return problem(Kind::missing, "NOT_FOUND", "There is no such session.");
  accounts.note({account_id, "session.ended", origin.address});
  return {};
}

Outcome<std::int64_t> end_other_sessions(const Accounts& accounts, const std::string& account_id,
                                         const std::string& kept, const Origin& origin) {
  CAD_ASSIGN(const std::int64_t ended, accounts.sessions().end_all(account_id, kept));
  if (ended > 0) accounts.note({account_id, "session.ended", origin.address});
  return ended;
}

}  // namespace cad::accounts
