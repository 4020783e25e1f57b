// SPDX-License-Identifier: Apache-2.0
// What only files and folders have; the rest is in contract_test.cpp.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <filesystem>

#include "blobs/testing/backends.hpp"

namespace cad::blobs {
namespace {

namespace fs = std::filesystem;

class LocalBlobs : public ::testing::Test {
 protected:
  testing::LocalBackend backend_;
  std::string dir_ = backend_.files();
  std::unique_ptr<ManagedStore> store_ = backend_.open(testing::random_master()).value();
};

TEST_F(LocalBlobs, removing_the_last_of_a_folder_removes_the_folder) {
  const fs::path results = fs::path(dir_) / "objects/results";
  ASSERT_TRUE(testing::put(*store_, "results/1/png/0", "x"));
  ASSERT_TRUE(testing::put(*store_, "results/1/result", "x"));
  EXPECT_TRUE(store_->remove("results/1/png/0"));
  EXPECT_FALSE(fs::exists(results / "1/png"));
  EXPECT_TRUE(store_->remove("results/1/result"));
  EXPECT_TRUE(fs::exists(results / "1")) << "the first two levels stay";
}

TEST_F(LocalBlobs, a_walk_over_many_comes_in_parts) {
  for (int i = 0; i < 2500; ++i) {
    const fs::path path = fs::path(dir_) / "objects/a" / (std::to_string(i % 50));
    fs::create_directories(path);
    std::ofstream(path / (std::to_string(i) + ".obj")) << "x";
  }
  std::vector<std::size_t> parts;
  ASSERT_TRUE(store_->walk("a/", [&](std::span<const Aged> some) {
    parts.push_back(some.size());
    return Result<bool>(true);
  }));
  EXPECT_EQ(parts, (std::vector<std::size_t>{1000, 1000, 500}));
  parts.clear();
  ASSERT_TRUE(store_->walk("a/", [&](std::span<const Aged> some) {
    parts.push_back(some.size());
    return Result<bool>(false);
  }));
  EXPECT_EQ(parts.size(), 1u);
}

TEST_F(LocalBlobs, without_commit_no_temporary_file_remains) {
  for (const bool raw : {false, true}) {
    auto writer = (raw ? store_->create_stored_form("a") : store_->create("a")).value();
    ASSERT_TRUE(writer->write(crypto::as_bytes("text")));
    EXPECT_FALSE(fs::is_empty(fs::path(dir_) / "tmp"));
  }
  EXPECT_TRUE(fs::is_empty(fs::path(dir_) / "tmp"));
}

TEST_F(LocalBlobs, S03_files_and_folders_are_the_owners_alone) {
  ASSERT_TRUE(testing::put(*store_, "results/job_1/result", "text"));
  auto writer = store_->create("b").value();
  for (const auto& entry : fs::recursive_directory_iterator(dir_)) {
    const auto mode = static_cast<unsigned>(entry.status().permissions());
    EXPECT_EQ(mode, entry.is_directory() ? 0700u : 0600u) << entry.path();
  }
}

TEST_F(LocalBlobs, leftovers_of_a_killed_writer_are_swept_and_living_writers_are_not) {
  const pid_t child = fork();
  if (child == 0) {
    auto writer = store_->create("a");
    _exit(writer ? 0 : 1);  // as if killed: no destructor runs
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);

  auto living = store_->create("b").value();
  ASSERT_TRUE(living->write(crypto::as_bytes("text")));
  EXPECT_EQ(store_->sweep_leftovers().value(), 1u);
  EXPECT_EQ(store_->sweep_leftovers().value(), 0u);
  ASSERT_TRUE(living->commit());
  EXPECT_EQ(testing::get(*store_, "b").value(), "text");
}

}  // namespace
}  // namespace cad::blobs
