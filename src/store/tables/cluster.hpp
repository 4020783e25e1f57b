// SPDX-License-Identifier: Apache-2.0
// Migrations 10 and 11: what many nodes on one database need.
#pragma once

#include <array>
#include <string_view>

namespace cad::store {

// Rows to hold for the length of a transaction (store/lock.hpp).
inline constexpr auto kLocks = std::to_array<std::string_view>({
    "CREATE TABLE locks (name TEXT NOT NULL PRIMARY KEY, taken {int} NOT NULL){strict}",
});

}  // namespace cad::store
