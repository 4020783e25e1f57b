// SPDX-License-Identifier: Apache-2.0
// What a new password must be, and its hash.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "accounts/problem.hpp"
#include "base/secret.hpp"

namespace cad::accounts {

// Takes a good part of a second: not on a thread that serves requests.
Outcome<std::string> hash_new_password(const Secret& password, std::string_view email);

// The same time whether the hash is there or not: false then.
bool is_password(const Secret& given, const std::optional<std::string>& hash);

}  // namespace cad::accounts
