// SPDX-License-Identifier: Apache-2.0
#include "blobs/rewrap.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "blobs/blob_store.hpp"
#include "blobs/envelope.hpp"
#include "crypto/bytes.hpp"

namespace cad::blobs {
namespace {

namespace fs = std::filesystem;

class Rewrap : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "rewrap_test_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
    source_ = secrets::KeySource::open(master_key_place(dir_), secrets::Missing::make).value();
    store_ = open_local_store(dir_, source_).value();
  }
  void TearDown() override { fs::remove_all(dir_); }

  void put(const Key& key, const std::string& text) {
    auto writer = store_->create(key).value();
    ASSERT_TRUE(writer->write(crypto::as_bytes(text)));
    ASSERT_TRUE(writer->commit());
  }
  static Result<std::string> get(BlobStore& store, const Key& key) {
    CAD_ASSIGN(auto reader, store.open(key));
    std::string out(reader->size(), '\0');
    CAD_TRY(reader->read(0, std::as_writable_bytes(std::span(out))));
    return out;
  }
  void add_key() {
    ASSERT_TRUE(secrets::write_key_file(
        source_->file(), source_->now()->rotated(master_key_place("").label, std::nullopt)));
  }
  std::string file(const Key& key) const {
    std::ifstream in(dir_ + "/objects/" + key + ".obj", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // A store that has the ring's present key and no other.
  std::unique_ptr<BlobStore> with_present_key_only() {
    return open_local_store(dir_, secrets::KeySource::fixed(source_->now()->current_only()))
        .value();
  }

  std::string dir_;
  std::shared_ptr<secrets::KeySource> source_;
  std::unique_ptr<BlobStore> store_;
};

TEST_F(Rewrap, S03_a_rotation_changes_headers_only_and_needs_the_old_key_no_more) {
  const std::string large(3 * kChunkBytes + 5, 'x');
  put("uploads/job_1", large);
  put("results/job_1/1/result-0", "small");
  put("empty", "");
  const std::string before = file("uploads/job_1");
  const auto old_only =
      open_local_store(dir_, secrets::KeySource::fixed(source_->now()->current_only())).value();
  add_key();
  EXPECT_TRUE(get(*store_, "uploads/job_1")) << "the older key still opens";
  EXPECT_FALSE(get(*with_present_key_only(), "uploads/job_1"));

  const auto done = rewrap_local_store(dir_, *source_->now()).value();
  EXPECT_EQ(done.objects, 3u);
  EXPECT_EQ(done.changed, 3u);
  const std::string after = file("uploads/job_1");
  EXPECT_EQ(after.substr(kHeaderBytes), before.substr(kHeaderBytes));
  EXPECT_NE(after.substr(0, kHeaderBytes), before.substr(0, kHeaderBytes));
  EXPECT_EQ(get(*with_present_key_only(), "uploads/job_1").value(), large);
  EXPECT_EQ(get(*with_present_key_only(), "results/job_1/1/result-0").value(), "small");
  EXPECT_EQ(get(*with_present_key_only(), "empty").value(), "");
  EXPECT_FALSE(get(*old_only, "uploads/job_1"));
  EXPECT_EQ(rewrap_local_store(dir_, *source_->now())->changed, 0u);
}

TEST_F(Rewrap, S03_stopped_anywhere_every_object_opens_and_a_second_run_does_the_rest) {
  constexpr std::size_t kObjects = 6;
  for (std::size_t i = 0; i < kObjects; ++i) put("uploads/job_" + std::to_string(i), "text");
  for (std::size_t stop = 0; stop <= kObjects; ++stop) {
    add_key();
    const auto stopped =
        rewrap_local_store(dir_, *source_->now(), [stop](std::size_t done) { return done < stop; });
    EXPECT_EQ(stopped.has_value(), stop == kObjects);
    for (std::size_t i = 0; i < kObjects; ++i) {
      const Key key = "uploads/job_" + std::to_string(i);
      EXPECT_EQ(get(*store_, key).value(), "text") << stop;
      EXPECT_EQ(get(*with_present_key_only(), key).has_value(), i < stop) << stop;
    }
    const auto use = count_master_keys(dir_).value();
    EXPECT_EQ(use.objects.size(), stop == 0 || stop == kObjects ? 1u : 2u);
    EXPECT_EQ(rewrap_local_store(dir_, *source_->now())->changed, kObjects - stop);
  }
}

TEST_F(Rewrap, S03_a_header_under_a_key_that_is_not_here_stops_the_rotation_and_is_named) {
  put("a", "text");
  const auto id = secrets::id_text(source_->now()->current().id);
  const auto other = secrets::KeyRing::of_one(crypto::as_bytes(crypto::random_key()).first<32>(),
                                              master_key_place("").label);
  const auto done = rewrap_local_store(dir_, other);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::integrity);
  EXPECT_NE(done.error().message.find(id), std::string::npos) << done.error().message;
  EXPECT_EQ(get(*store_, "a").value(), "text") << "nothing was touched";
}

TEST_F(Rewrap, S03_a_writer_that_began_before_the_rotation_is_counted_under_its_key) {
  const auto old_id = secrets::id_text(source_->now()->current().id);
  auto writer = store_->create("uploads/job_1").value();
  add_key();
  ASSERT_TRUE(rewrap_local_store(dir_, *source_->now()));
  EXPECT_EQ(count_master_keys(dir_).value().objects.at(old_id), 1u);
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(get(*store_, "uploads/job_1").value(), "");
  EXPECT_EQ(rewrap_local_store(dir_, *source_->now())->changed, 1u);
  EXPECT_EQ(count_master_keys(dir_).value().objects.count(old_id), 0u);
}

TEST_F(Rewrap, S03_readers_and_writers_at_work_during_rotations_see_whole_objects_only) {
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
    for (int round = 0; round < 30; ++round) {
      add_key();
      ASSERT_TRUE(rewrap_local_store(dir_, *source_->now()));
    }
    stop = true;
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(reads, 0);
}

}  // namespace
}  // namespace cad::blobs
