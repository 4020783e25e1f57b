// SPDX-License-Identifier: Apache-2.0
// Every database behind the port: what the contract tests run on.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "crypto/bytes.hpp"
#include "store/database.hpp"
#include "store/postgres.hpp"
#include "test_server.hpp"

namespace cad::store {

// A place for one test: a file in its folder, or a schema of its own in the server's database.
struct Implementation {
  std::string name;
  // What open_database() takes; empty: the server is not installed.
  std::function<std::string(const std::string& dir)> make;

  Result<std::unique_ptr<Database>> open(const std::string& dir) const {
    return open_database(make(dir));
  }
};

// The same server, but tables in a schema that nobody else has.
inline std::string new_postgres_schema(const std::string& url) {
  const std::string schema = "test_" + crypto::random_hex(8);
  PostgresOptions options;
  options.url = url;
  options.pool = 1;
  if (!open_postgres(options).value()->write("CREATE SCHEMA " + schema, {})) return "";
  return url + "?options=-csearch_path%3D" + schema;
}

inline Implementation sqlite_implementation() {
  return {"sqlite", [](const std::string& dir) { return dir + "/db"; }};
}

inline Implementation postgres_implementation() {
  return {"postgres", [](const std::string&) {
            const auto url = test_support::shared_server("postgres");
            return url ? new_postgres_schema(*url) : std::string();
          }};
}

inline auto every_database() {
  return ::testing::Values(sqlite_implementation(), postgres_implementation());
}

inline std::string name_of(const ::testing::TestParamInfo<Implementation>& chosen) {
  return chosen.param.name;
}

// In SetUp(): a new database, or the test is skipped by name.
#define CAD_OPEN_DATABASE(implementation, dir, place, database)                          \
  do {                                                                                   \
    (place) = (implementation).make(dir);                                                \
    if ((place).empty()) GTEST_SKIP() << "There is no " << (implementation).name << "."; \
    auto opened_database = ::cad::store::open_database(place);                           \
    ASSERT_TRUE(opened_database) << opened_database.error().message;                     \
    (database) = std::move(*opened_database);                                            \
  } while (false)

}  // namespace cad::store
