// SPDX-License-Identifier: Apache-2.0
// What every database must do with texts and with moments.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "store/repositories.hpp"
#include "store/testing/databases.hpp"

namespace cad::store {
namespace {

class Port : public testing::TestWithParam<Implementation> {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-port-" + std::to_string(::getpid()) + "-" +
            testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(dir_);
    CAD_OPEN_DATABASE(GetParam(), dir_.string(), place_, database_);
    ASSERT_TRUE(migrate(*database_, 1));
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(dir_);
  }
  Result<void> add(const std::string& id, const std::string& name = "n") {
    return KeyRepository(*database_).insert_account(id, name, 1);
  }

  std::filesystem::path dir_;
  std::string place_;
  std::unique_ptr<Database> database_;
};

TEST_P(Port, a_text_that_no_database_keeps_is_refused_and_the_next_one_is_not) {
  for (const std::string& bad :
       {std::string("a\0b", 3), std::string("\xff"), std::string("\xc0\x80"),
        std::string("\xed\xa0\x80"), std::string("\xe2\x82")}) {
    const auto done = add("acc", bad);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::invalid_argument);
    EXPECT_FALSE(KeyRepository(*database_).has_account(bad));
  }
  EXPECT_TRUE(add("acc",
                  "Stra\xc3\x9f"
                  "e"));
}

TEST_P(Port, texts_are_ordered_by_their_bytes) {
  for (const char* id : {"a_b", "aB", "ab", "a-b", "\xc3\xa4"}) ASSERT_TRUE(add(id));
  std::string order;
  const auto rows = database_->read("SELECT id FROM accounts ORDER BY id", {}).value();
  for (const Row& row : rows.rows) order += row.text(0) + " ";
  EXPECT_EQ(order, "a-b aB a_b ab \xc3\xa4 ");
}

TEST_P(Port, a_transaction_for_now_is_whole_and_flushes_nothing_where_that_can_be_left) {
  const auto flushes = [&](Session& session) -> Result<std::int64_t> {
    if (GetParam().name != "sqlite") return 0;
    CAD_ASSIGN(const Rows rows, session.run("PRAGMA synchronous", {}));
    return rows.rows.at(0).integer(0);
  };
  const std::int64_t full = GetParam().name == "sqlite" ? 2 : 0;
  const std::int64_t normal = full / 2;
  const auto take = [&](const std::string& id, bool good) {
    return database_->transaction_for_now([&](Session& session) -> Result<void> {
      EXPECT_EQ(flushes(session).value(), normal);
      CAD_TRY(session.run("INSERT INTO accounts (id, name, created_at) VALUES ($1, 'n', 1)", {id}));
      if (!good) return fail(ErrorCode::conflict, "no");
      return {};
    });
  };
  EXPECT_TRUE(take("one", true));
  EXPECT_FALSE(take("two", false));
  EXPECT_TRUE(KeyRepository(*database_).has_account("one").value());
  EXPECT_FALSE(KeyRepository(*database_).has_account("two").value());
  EXPECT_TRUE(database_->transaction([&](Session& session) -> Result<void> {
    EXPECT_EQ(flushes(session).value(), full);
    return {};
  }));
}

TEST_P(Port, a_snapshot_sees_one_moment_and_changes_nothing) {
  ASSERT_TRUE(add("one"));
  EXPECT_TRUE(database_->snapshot([&](Session& session) -> Result<void> {
    for (int i = 0; i < 2; ++i) {
      CAD_ASSIGN(const Rows seen, session.run("SELECT id FROM accounts", {}));
      EXPECT_EQ(seen.rows.size(), 1u);
      if (i == 0) CAD_TRY(add("two"));
    }
    return {};
  }));
  EXPECT_TRUE(KeyRepository(*database_).has_account("two").value());
  EXPECT_FALSE(database_->snapshot([](Session& session) -> Result<void> {
    CAD_TRY(session.run("DELETE FROM accounts", {}));
    return {};
  }));
  EXPECT_TRUE(KeyRepository(*database_).has_account("two").value());
}

INSTANTIATE_TEST_SUITE_P(Databases, Port, every_database(), name_of);

}  // namespace
}  // namespace cad::store
