// SPDX-License-Identifier: Apache-2.0
#include "app/user_admin.hpp"

#include "accounts/credentials.hpp"
#include "accounts/letters.hpp"
#include "accounts/registration.hpp"
#include "app/admin_database.hpp"
#include "app/audit_admin.hpp"
#include "app/owner.hpp"
#include "blobs/blob_store.hpp"
#include "plans/plans.hpp"
#include "store/repositories.hpp"

namespace cad::app {
namespace {

constexpr store::UnixMs kDay = 86'400'000;
// The operator's links are carried by hand: longer than a mail's.
constexpr std::chrono::hours kLinkLife{72};

// None: the default. INVALID_ARGUMENT names the plans that there are.
Result<std::optional<std::string>> check_plan(const PlanChoice& choice) {
  if (choice.name.empty()) return std::optional<std::string>();
  CAD_ASSIGN(const auto plans, plans::load(choice.file));
  if (plans->find(choice.name) != nullptr) return std::optional(choice.name);
  std::string names;
  for (const plans::Plan& plan : plans->all()) names += (names.empty() ? "" : ", ") + plan.name;
  return fail(ErrorCode::invalid_argument,
              "There is no plan \"" + choice.name + "\", but " + names +
                  "; --plans names the file that the service runs with.");
}

Result<std::string> key_of(const std::string& email) {
  const auto key = accounts::email_key(email);
  if (!key) return fail(ErrorCode::invalid_argument, "\"" + email + "\" is no e-mail address.");
  return *key;
}

Result<std::string> find_account(store::Database& database, const std::string& who) {
  store::UserRepository users(database);
  if (const auto user = users.find_by_email(accounts::email_key(who).value_or("")))
    return user->account_id;
  CAD_ASSIGN(const bool is_id, store::KeyRepository(database).has_account(who));
  if (is_id) return who;
  CAD_ASSIGN(const auto id, store::KeyRepository(database).find_account(who));
  if (!id) return fail(ErrorCode::not_found, "There is no account \"" + who + "\".");
  return *id;
}

Error plain(const accounts::Problem& problem) {
  using Kind = accounts::Problem::Kind;
  if (problem.kind == Kind::failed) return problem.error;
  return {problem.kind == Kind::conflict ? ErrorCode::conflict : ErrorCode::invalid_argument,
          problem.message};
}

Result<std::string> reset_link(store::Database& database, const std::string& key,
                               const std::string& base_url, store::UnixMs now) {
  CAD_ASSIGN(const std::string token, accounts::make_reset_token(database, key, kLinkLife, now));
  return accounts::link_of(accounts::Letter::reset, base_url, token);
}

}  // namespace

Result<std::string> add_user(const std::string& data, const WantedUser& wanted, store::UnixMs now) {
  CAD_ASSIGN(const std::string key, key_of(wanted.email));
  CAD_ASSIGN(const auto database, open_database(data, now));
  CAD_ASSIGN(const auto audit, open_audit(data, *database, now));
  accounts::Vouched vouched{wanted.email};
  CAD_ASSIGN(vouched.plan, check_plan(wanted.plan));
  if (!wanted.account.empty()) {
    CAD_ASSIGN(vouched.account_id, find_account(*database, wanted.account));
  }
  if (const auto made = accounts::make_user(*database, vouched, now); !made)
    return tl::unexpected(plain(made.error()));
  CAD_ASSIGN(const store::User user, store::UserRepository(*database).find_by_email(key));
  CAD_TRY(note(*audit, wanted.account.empty() ? "account.created" : "user.added", user.account_id));
  return reset_link(*database, key, wanted.base_url, now);
}

Result<std::vector<store::User>> list_users(const std::string& data, store::UnixMs now) {
  CAD_ASSIGN(const auto database, open_database(data, now));
  return store::UserRepository(*database).list();
}

Result<std::string> make_link(const std::string& data, const std::string& email, Link link,
                              const std::string& base_url, store::UnixMs now) {
  CAD_ASSIGN(const std::string key, key_of(email));
  CAD_ASSIGN(const auto database, open_database(data, now));
  if (link == Link::reset) return reset_link(*database, key, base_url, now);
  const accounts::Token token = accounts::make_token();
  const std::chrono::milliseconds life = kLinkLife;
  CAD_TRY(store::UserRepository(*database).renew_registration(key, token.hash, now + life.count()));
  return accounts::link_of(accounts::Letter::verify, base_url, token.raw);
}

Result<std::string> make_owner_link(const std::string& data, const std::string& base_url,
                                    store::UnixMs now) {
  CAD_ASSIGN(const auto database, open_database(data, now));
  CAD_ASSIGN(const auto audit, open_audit(data, *database, now));
  return make_owner_link(*database, base_url, *audit, "operator", now);
}

Result<std::string> add_invite(const std::string& data, const WantedInvite& wanted,
                               store::UnixMs now) {
  if (wanted.days < 1 || wanted.days > 365)
    return fail(ErrorCode::invalid_argument, "An invitation is good for 1 to 365 days.");
  const accounts::Token token = accounts::make_token();
  store::Invite invite{
      .hash = token.hash, .created_at = now, .expires_at = now + wanted.days * kDay};
  CAD_ASSIGN(invite.plan, check_plan(wanted.plan));
  if (!wanted.email.empty()) {
    CAD_ASSIGN(invite.email_key, key_of(wanted.email));
  }
  CAD_ASSIGN(const auto database, open_database(data, now));
  CAD_TRY(store::UserRepository(*database).add(invite));
  return token.raw;
}

Result<void> set_plan(const std::string& data, const std::string& who, const PlanChoice& plan,
                      store::UnixMs now) {
  CAD_ASSIGN(const auto database, open_database(data, now));
  CAD_ASSIGN(const auto audit, open_audit(data, *database, now));
  CAD_ASSIGN(const std::string account, find_account(*database, who));
  CAD_ASSIGN(const auto name, check_plan(plan));
  CAD_TRY(store::UserRepository(*database).set_plan(account, name));
  return note(*audit, "plan.changed", account, {{"plan", name.value_or("default")}});
}

Result<void> set_suspended(const std::string& data, const std::string& who, bool suspended,
                           store::UnixMs now) {
  CAD_ASSIGN(const auto database, open_database(data, now));
  CAD_ASSIGN(const auto audit, open_audit(data, *database, now));
  CAD_ASSIGN(const std::string account, find_account(*database, who));
  CAD_TRY(store::UserRepository(*database).set_suspended(
      account, suspended ? std::optional(now) : std::nullopt));
  return note(*audit, suspended ? "account.suspended" : "account.resumed", account);
}

Result<std::vector<accounts::ReadMessage>> list_messages(const std::string& data,
                                                         std::int64_t limit, store::UnixMs now) {
  CAD_ASSIGN(auto masters,
             secrets::KeySource::open(blobs::master_key_place(data), secrets::Missing::refuse));
  CAD_ASSIGN(const auto database, open_database(data, now));
  return accounts::read_messages(*database, {std::move(masters), accounts::kMessageUse}, limit);
}

Result<std::string> rotate_session_key(const std::string& data, store::UnixMs now) {
  CAD_ASSIGN(auto masters,
             secrets::KeySource::open(blobs::master_key_place(data), secrets::Missing::refuse));
  CAD_ASSIGN(const auto database, open_database(data, now));
  return auth::rotate_session_key(*database, {std::move(masters), auth::kSessionKeyUse}, now);
}

}  // namespace cad::app
