// SPDX-License-Identifier: Apache-2.0
// Migrations 10, 11 and 16: what many nodes on one database need.
#pragma once

#include <array>
#include <string_view>

namespace cad::store {

// Rows to hold for the length of a transaction (store/lock.hpp).
inline constexpr auto kLocks = std::to_array<std::string_view>({
    "CREATE TABLE locks (name TEXT NOT NULL PRIMARY KEY, taken {int} NOT NULL){strict}",
});

// What one of many nodes does for all, and what all agree on.
inline constexpr auto kDuties = std::to_array<std::string_view>({
    "CREATE TABLE facts (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL){strict}",
    "CREATE TABLE duties (name TEXT NOT NULL PRIMARY KEY, owner TEXT NOT NULL,"
    " lease_until {int} NOT NULL){strict}",
});

}  // namespace cad::store
