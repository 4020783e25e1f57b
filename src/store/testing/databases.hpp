// SPDX-License-Identifier: Apache-2.0
// Every database behind the port: what the contract tests run on.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "store/database.hpp"

namespace cad::store {

struct Implementation {
  std::string name;
  std::function<Result<std::unique_ptr<Database>>(const std::string& dir)> open;
};

inline auto every_database() {
  return ::testing::Values(
      Implementation{"sqlite", [](const std::string& dir) { return open_sqlite(dir + "/db"); }});
}

inline std::string name_of(const ::testing::TestParamInfo<Implementation>& chosen) {
  return chosen.param.name;
}

}  // namespace cad::store
