// SPDX-License-Identifier: Apache-2.0
// Sign-in by other services, as far as it is configured.
#pragma once

#include "app/keys.hpp"
#include "oauth/flow.hpp"

namespace cad::app {

struct OtherSignIn {
  std::unique_ptr<oauth::Fetcher> fetcher;
  std::unique_ptr<oauth::SignIn> sign_in;  // null: no provider is configured
};
// Takes the client secrets out of `keys`.
Result<OtherSignIn> make_other_sign_in(const oauth::Settings& settings, Keys& keys,
                                       store::Database& database, oauth::Clock clock);

}  // namespace cad::app
