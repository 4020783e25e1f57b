// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "store/database.hpp"

namespace cad::store {
namespace {

class Snapshot : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "snapshot_test_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
    database_ = open_sqlite(dir_ + "/db").value();
    ASSERT_TRUE(database_->write("CREATE TABLE pairs (a INTEGER, b INTEGER) STRICT", {}));
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(dir_);
  }
  std::string dir_;
  std::unique_ptr<Database> database_;
};

TEST_F(Snapshot, S06_holds_what_was_committed_and_is_private) {
  ASSERT_TRUE(database_->write("INSERT INTO pairs VALUES (1, 1)", {}));
  ASSERT_TRUE(snapshot_sqlite(dir_ + "/db", dir_ + "/copy"));
  ASSERT_TRUE(database_->write("INSERT INTO pairs VALUES (2, 2)", {}));
  struct stat status {};
  ASSERT_EQ(::stat((dir_ + "/copy").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto copy = open_sqlite(dir_ + "/copy").value();
  EXPECT_EQ(copy->read("SELECT a FROM pairs", {})->rows.size(), 1u);
}

TEST_F(Snapshot, S06_never_replaces_a_file_and_makes_no_database) {
  EXPECT_FALSE(snapshot_sqlite(dir_ + "/db", dir_ + "/db"));
  EXPECT_FALSE(snapshot_sqlite(dir_ + "/none", dir_ + "/copy"));
  EXPECT_FALSE(std::filesystem::exists(dir_ + "/none"));
}

TEST_F(Snapshot, S06_is_one_moment_of_a_database_that_is_written) {
  std::atomic<bool> stop = false;
  std::atomic<int> written = 0;
  std::thread writer([&] {
    for (std::int64_t i = 0; !stop; ++i) {
      ASSERT_TRUE(database_->transaction([&](Session& session) -> Result<void> {
        CAD_TRY(session.run("INSERT INTO pairs VALUES ($1, 0)", {i}));
        CAD_TRY(session.run("UPDATE pairs SET b = $1", {i}));
        return {};
      }));
      ++written;
    }
  });
  for (int round = 0; round < 10; ++round) {
    const std::string path = dir_ + "/copy" + std::to_string(round);
    const int before = written;
    ASSERT_TRUE(snapshot_sqlite(dir_ + "/db", path));
    const auto copy = open_sqlite(path).value();
    const auto rows = copy->read(
                              "SELECT COUNT(*), COUNT(DISTINCT b), COALESCE(MAX(a) = MAX(b), 1)"
                              " FROM pairs",
                              {})
                          .value();
    EXPECT_GE(rows.rows[0].integer(0), before);
    EXPECT_LE(rows.rows[0].integer(1), 1);
    EXPECT_EQ(rows.rows[0].integer(2), 1);
  }
  stop = true;
  writer.join();
}

}  // namespace
}  // namespace cad::store
