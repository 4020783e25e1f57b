// SPDX-License-Identifier: Apache-2.0
// Links that sign in to an account without a password: each works once, and of an account only the
// newest one.
#pragma once

#include "store/users.hpp"

namespace cad::store {

struct SignInLink {
  std::string hash, account_id;
  UnixMs created_at = 0, expires_at = 0;
};

class SignInLinkRepository {
 public:
  explicit SignInLinkRepository(Database& database) : database_(database) {}

  // Takes the place of what the account had.
  Result<void> add(const SignInLink& link);
  // The link is used up, and its account has a user from then on: `fresh`, whose account is set
  // here, where there was none. NOT_FOUND: none, or used, or too old.
  Result<User> take(std::string_view hash, User fresh, UnixMs now);

 private:
  Database& database_;
};

}  // namespace cad::store
