// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "blobs/envelope.hpp"
#include "blobs/testing/backends.hpp"

namespace cad::blobs {
namespace {

namespace fs = std::filesystem;

class Rewrap : public ::testing::TestWithParam<testing::Kind> {
 protected:
  void SetUp() override {
    backend_ = testing::make_backend(GetParam());
    if (!backend_) GTEST_SKIP() << "OpenStack Swift is not installed";
    std::string pattern = (fs::temp_directory_path() / "rewrap_test_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
    source_ = secrets::KeySource::open(master_key_place(dir_), secrets::Missing::make).value();
    auto store = backend_->open(source_);
    ASSERT_TRUE(store) << store.error().message;
    store_ = std::move(*store);
  }
  void TearDown() override {
    if (store_ && backend_->remote()) {
      const auto keys = store_->list("").value();
      for (const Key& key : keys) EXPECT_TRUE(store_->remove(key));
    }
    if (!dir_.empty()) fs::remove_all(dir_);
  }

  void put(const Key& key, const std::string& text) {
    ASSERT_TRUE(testing::put(*store_, key, text));
  }
  static Result<std::string> get(BlobStore& store, const Key& key) {
    return testing::get(store, key);
  }
  void add_key() {
    ASSERT_TRUE(secrets::write_key_file(
        source_->file(), source_->now()->rotated(master_key_place("").label, std::nullopt)));
  }
  std::string file(const Key& key) const { return testing::get_raw(*store_, key); }
  // A store that has the ring's present key and no other.
  std::unique_ptr<ManagedStore> with_present_key_only() {
    return backend_->open(secrets::KeySource::fixed(source_->now()->current_only())).value();
  }
  Result<Rewrapped> rewrap_all(const std::function<bool(std::size_t)>& go_on = {}) {
    return store_->rewrap_all(*source_->now(), go_on);
  }

  std::string dir_;
  std::unique_ptr<testing::Backend> backend_;
  std::shared_ptr<secrets::KeySource> source_;
  std::unique_ptr<ManagedStore> store_;
};

INSTANTIATE_TEST_SUITE_P(OnDisk, Rewrap, ::testing::Values(testing::Kind::local),
                         [](const auto&) { return "local"; });
INSTANTIATE_TEST_SUITE_P(OnSwift, Rewrap, ::testing::Values(testing::Kind::swift),
                         [](const auto&) { return "s3"; });

TEST_P(Rewrap, S03_a_rotation_changes_headers_only_and_needs_the_old_key_no_more) {
  const std::string large(3 * kChunkBytes + 5, 'x');
  put("uploads/job_1", large);
  put("results/job_1/1/result-0", "small");
  put("empty", "");
  const std::string before = file("uploads/job_1");
  const auto old_only = with_present_key_only();
  add_key();
  EXPECT_TRUE(get(*store_, "uploads/job_1")) << "the older key still opens";
  EXPECT_FALSE(get(*with_present_key_only(), "uploads/job_1"));

  const auto done = rewrap_all().value();
  EXPECT_EQ(done.objects, 3u);
  EXPECT_EQ(done.changed, 3u);
  const std::string after = file("uploads/job_1");
  EXPECT_EQ(after.substr(kHeaderBytes), before.substr(kHeaderBytes));
  EXPECT_NE(after.substr(0, kHeaderBytes), before.substr(0, kHeaderBytes));
  EXPECT_EQ(get(*with_present_key_only(), "uploads/job_1").value(), large);
  EXPECT_EQ(get(*with_present_key_only(), "results/job_1/1/result-0").value(), "small");
  EXPECT_EQ(get(*with_present_key_only(), "empty").value(), "");
  EXPECT_FALSE(get(*old_only, "uploads/job_1"));
  EXPECT_EQ(rewrap_all()->changed, 0u);
}

TEST_P(Rewrap, S03_stopped_anywhere_every_object_opens_and_a_second_run_does_the_rest) {
  const std::size_t kObjects = backend_->remote() ? 3 : 6;
  for (std::size_t i = 0; i < kObjects; ++i) put("uploads/job_" + std::to_string(i), "text");
  for (std::size_t stop = 0; stop <= kObjects; ++stop) {
    add_key();
    const auto stopped = rewrap_all([stop](std::size_t done) { return done < stop; });
    EXPECT_EQ(stopped.has_value(), stop == kObjects);
    for (std::size_t i = 0; i < kObjects; ++i) {
      const Key key = "uploads/job_" + std::to_string(i);
      EXPECT_EQ(get(*store_, key).value(), "text") << stop;
      EXPECT_EQ(get(*with_present_key_only(), key).has_value(), i < stop) << stop;
    }
    const auto use = store_->count_master_keys().value();
    EXPECT_EQ(use.objects.size(), stop == 0 || stop == kObjects ? 1u : 2u);
    EXPECT_EQ(rewrap_all()->changed, kObjects - stop);
  }
}

TEST_P(Rewrap, S03_a_header_under_a_key_that_is_not_here_stops_the_rotation_and_is_named) {
  put("a", "text");
  const auto id = secrets::id_text(source_->now()->current().id);
  const auto other = secrets::KeyRing::of_one(crypto::as_bytes(crypto::random_key()).first<32>(),
                                              master_key_place("").label);
  const auto done = store_->rewrap_all(other, {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::integrity);
  EXPECT_NE(done.error().message.find(id), std::string::npos) << done.error().message;
  EXPECT_EQ(get(*store_, "a").value(), "text") << "nothing was touched";
}

TEST_P(Rewrap, S03_a_writer_that_began_before_the_rotation_needs_its_key_no_longer_than_is_told) {
  const auto old_id = secrets::id_text(source_->now()->current().id);
  auto writer = store_->create("uploads/job_1").value();
  add_key();
  ASSERT_TRUE(rewrap_all());
  // On S3 it is nowhere yet, and chooses its key once more when it commits.
  if (!backend_->remote()) {
    EXPECT_EQ(store_->count_master_keys()->objects.at(old_id), 1u);
  }
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(get(*store_, "uploads/job_1").value(), "");
  EXPECT_EQ(rewrap_all()->changed, backend_->remote() ? 0u : 1u);
  EXPECT_EQ(store_->count_master_keys().value().objects.count(old_id), 0u);
}

TEST_P(Rewrap, S03_readers_and_writers_at_work_during_rotations_see_whole_objects_only) {
  put("stays", std::string(100'000, 's'));
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0, reads = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 2; ++t)
      threads.emplace_back([&] {
        while (!stop) {
          const auto got = get(*store_, "stays");
          if (!got || *got != std::string(100'000, 's')) ++wrong;
          ++reads;
        }
      });
    threads.emplace_back([&] {
      for (int i = 0; !stop; ++i) {
        const Key key = "uploads/job_" + std::to_string(i % 5);
        put(key, key);
        if (get(*store_, key).value_or("") != key) ++wrong;
        if (!store_->remove(key)) ++wrong;
      }
    });
    for (int round = 0; round < (backend_->remote() ? 5 : 30); ++round) {
      add_key();
      ASSERT_TRUE(rewrap_all());
    }
    stop = true;
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(reads, 0);
}

TEST_P(Rewrap, S03_large_objects_are_rewrapped_while_they_are_read) {
  const std::string large = testing::sample(11'000'000);
  put("large", large);
  auto reader = store_->open("large").value();
  auto writer = store_->create("late").value();
  ASSERT_TRUE(writer->write(crypto::as_bytes(large)));
  const std::string before = file("large");
  add_key();
  EXPECT_EQ(rewrap_all()->changed, 1u);
  const std::string after = file("large");
  EXPECT_TRUE(after.substr(kHeaderBytes) == before.substr(kHeaderBytes));
  EXPECT_NE(after.substr(0, kHeaderBytes), before.substr(0, kHeaderBytes));
  EXPECT_TRUE(testing::get(*reader).value() == large) << "opened before, read on after";
  EXPECT_TRUE(get(*with_present_key_only(), "large").value() == large);
  ASSERT_TRUE(writer->commit());
  ASSERT_TRUE(rewrap_all());
  EXPECT_TRUE(get(*with_present_key_only(), "late").value() == large);
}

}  // namespace
}  // namespace cad::blobs
