// SPDX-License-Identifier: Apache-2.0
// What many nodes share through their database, on every database.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "store/duties.hpp"
#include "store/facts.hpp"
#include "store/testing/databases.hpp"

namespace cad::store {
namespace {

class Nodes : public ::testing::TestWithParam<Implementation> {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-nodes-" + std::to_string(::getpid()) + GetParam().name);
    std::filesystem::create_directories(dir_);
    CAD_OPEN_DATABASE(GetParam(), dir_.string(), place_, database_);
    ASSERT_TRUE(migrate(*database_, 1));
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(dir_);
  }
  std::filesystem::path dir_;
  std::string place_;
  std::unique_ptr<Database> database_;
};

INSTANTIATE_TEST_SUITE_P(EveryDatabase, Nodes, every_database(), name_of);

TEST_P(Nodes, a_duty_is_one_nodes_until_it_leaves_or_is_gone) {
  DutyRepository duties(*database_);
  EXPECT_TRUE(duties.take("sweep", "node_a", 100, 200).value());
  EXPECT_FALSE(duties.take("sweep", "node_b", 150, 250).value());
  EXPECT_TRUE(duties.take("other", "node_b", 150, 250).value());
  EXPECT_TRUE(duties.take("sweep", "node_a", 150, 300).value());
  EXPECT_FALSE(duties.take("sweep", "node_b", 299, 400).value());
  EXPECT_TRUE(duties.take("sweep", "node_b", 300, 400).value());
  EXPECT_FALSE(duties.take("sweep", "node_a", 301, 400).value());
  ASSERT_TRUE(duties.leave("node_b"));
  EXPECT_TRUE(duties.take("sweep", "node_a", 302, 400).value());
}

TEST_P(Nodes, a_duty_that_many_want_at_once_is_one_nodes) {
  std::atomic<int> got = 0;
  {
    std::vector<std::jthread> nodes;
    for (int i = 0; i < 8; ++i)
      nodes.emplace_back([&, i] {
        const auto mine =
            DutyRepository(*database_).take("sweep", "node_" + std::to_string(i), 100, 200);
        EXPECT_TRUE(mine);
        got += mine.value_or(false);
      });
  }
  EXPECT_EQ(got, 1);
}

TEST_P(Nodes, the_first_word_is_what_all_agree_on) {
  EXPECT_EQ(agree_on(*database_, "cluster", "one").value(), "one");
  EXPECT_EQ(agree_on(*database_, "cluster", "other").value(), "one");
  EXPECT_EQ(agree_on(*database_, "another", "other").value(), "other");
  EXPECT_FALSE(any_part(*database_).value());
}

}  // namespace
}  // namespace cad::store
