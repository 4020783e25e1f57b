// SPDX-License-Identifier: Apache-2.0
// On a folder that looks like a control group: what is written where. A kernel that divides memory
// this way is not at hand everywhere.
#include "sandbox/worker_groups.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace cad::sandbox {
namespace {

namespace fs = std::filesystem;

class WorkerGroupsTest : public testing::Test {
 protected:
  void SetUp() override {
    own_ = fs::temp_directory_path() / ("cadlens-groups-" + std::to_string(::getpid()));
    fs::create_directories(own_);
    write("cgroup.controllers", "cpu memory pids\n");
    write("cgroup.procs", "100\n");
    write("cgroup.subtree_control", "");
  }
  void TearDown() override { fs::remove_all(own_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(own_ / name) << text;
  }
  std::string read(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(own_ / name).rdbuf();
    return text.str();
  }
  std::optional<WorkerGroups> groups() { return WorkerGroups::in(own_.string(), 100); }

  fs::path own_;
};

TEST_F(WorkerGroupsTest, S18_the_service_moves_to_a_leaf_and_workers_get_groups_with_limits) {
  const auto found = groups();
  ASSERT_TRUE(found);
  EXPECT_EQ(read("service/cgroup.procs"), "100");
  EXPECT_EQ(read("cgroup.subtree_control"), "+memory +pids");
  const auto group = found->add(4711, 256u << 20);
  ASSERT_TRUE(group) << group.error().message;
  EXPECT_EQ(read("worker-4711/memory.max"), "268435456");
  EXPECT_EQ(read("worker-4711/memory.swap.max"), "0");
  EXPECT_EQ(read("worker-4711/pids.max"), "1");
  EXPECT_EQ(read("worker-4711/cgroup.procs"), "4711");
  EXPECT_FALSE(found->add(4711, 1)) << "a group that is there is not taken over";
}

TEST_F(WorkerGroupsTest, S18_a_group_goes_with_its_object) {
  fs::create_directory(own_ / "worker-1");
  {
    WorkerGroup group((own_ / "worker-1").string());
    WorkerGroup moved(std::move(group));
    WorkerGroup assigned;
    assigned = std::move(moved);
    EXPECT_TRUE(fs::exists(own_ / "worker-1"));
  }
  EXPECT_FALSE(fs::exists(own_ / "worker-1"));
}

TEST_F(WorkerGroupsTest, S18_a_group_that_is_not_ours_alone_is_left_alone) {
  write("cgroup.procs", "100\n200\n");
  EXPECT_FALSE(groups());
  write("cgroup.procs", "200\n");
  EXPECT_FALSE(groups());
  EXPECT_FALSE(fs::exists(own_ / "service"));
}

TEST_F(WorkerGroupsTest, S18_without_the_memory_controller_there_is_nothing_to_gain) {
  write("cgroup.controllers", "cpu pids memory_like\n");
  EXPECT_FALSE(groups());
  write("cgroup.controllers", "memory\n");
  EXPECT_TRUE(groups());
  EXPECT_EQ(read("cgroup.subtree_control"), "+memory");
}

TEST_F(WorkerGroupsTest, S18_what_cannot_be_divided_is_put_back) {
  fs::remove(own_ / "cgroup.subtree_control");
  fs::create_directory(own_ / "cgroup.subtree_control");  // refuses the write
  EXPECT_FALSE(groups());
  EXPECT_EQ(read("cgroup.procs").substr(0, 3), "100");
}

TEST(WorkerGroups, S18_finding_none_changes_nothing) {
  const auto group_of_ours = [] {
    std::ostringstream text;
    text << std::ifstream("/proc/self/cgroup").rdbuf();
    return text.str();
  };
  const std::string before = group_of_ours();
  const bool found = WorkerGroups::find().has_value();
  EXPECT_TRUE(found || group_of_ours() == before);
}

}  // namespace
}  // namespace cad::sandbox
