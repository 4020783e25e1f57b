// SPDX-License-Identifier: Apache-2.0
// Users as the operator makes and manages them: on the data directory, beside a running server. No
// call here reaches a drawing or a result. All: NOT_FOUND when there is no database in `data`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/messages.hpp"
#include "base/result.hpp"
#include "store/users.hpp"

namespace cad::app {

// One of the service's plans.
struct PlanChoice {
  std::string name;  // empty: the installation's default
  std::string file;  // that the service runs with (--plans); empty: the built-in plans
};

struct WantedUser {
  std::string email;
  std::string account;  // name of one that is there and gets its user; empty: a new one
  PlanChoice plan;
  std::string base_url;
};
// The link to choose a password. INVALID_ARGUMENT; CONFLICT.
Result<std::string> add_user(const std::string& data, const WantedUser& wanted, store::UnixMs now);
Result<std::vector<store::User>> list_users(const std::string& data, store::UnixMs now);

enum class Link { reset, verify };
// Where no mail is sent. NOT_FOUND: no such user, or nobody registered with that address.
Result<std::string> make_link(const std::string& data, const std::string& email, Link link,
                              const std::string& base_url, store::UnixMs now);

// Signs in to the first key's account, once, for half an hour. NOT_FOUND: it has been deleted.
Result<std::string> make_owner_link(const std::string& data, const std::string& base_url,
                                    store::UnixMs now);

struct WantedInvite {
  std::string email;  // empty: for whoever has it
  PlanChoice plan;
  std::int64_t days = 7;
};
// The invitation, to be handed over.
Result<std::string> add_invite(const std::string& data, const WantedInvite& wanted,
                               store::UnixMs now);

// `who`: the user's address, or the account's id or name. NOT_FOUND.
Result<void> set_plan(const std::string& data, const std::string& who, const PlanChoice& plan,
                      store::UnixMs now);
Result<void> set_suspended(const std::string& data, const std::string& who, bool suspended,
                           store::UnixMs now);

// What strangers wrote, newest first.
Result<std::vector<accounts::ReadMessage>> list_messages(const std::string& data,
                                                         std::int64_t limit, store::UnixMs now);

// A new key signs sessions from now on; nobody is signed out. Its id.
Result<std::string> rotate_session_key(const std::string& data, store::UnixMs now);

}  // namespace cad::app
