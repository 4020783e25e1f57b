// SPDX-License-Identifier: Apache-2.0
#include "jobs/part_store.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <thread>

#include "crypto/bytes.hpp"
#include "jobs/fake_blobs.hpp"
#include "jobs/services.hpp"

namespace cad::jobs {
namespace {

// Commits wait until the test lets them go; some fail.
class SlowBlobs : public FakeBlobs {
 public:
  Result<std::unique_ptr<blobs::Writer>> create(const blobs::Key& key) override {
    CAD_ASSIGN(auto inner, FakeBlobs::create(key));
    return std::make_unique<SlowWriter>(*this, key, std::move(inner));
  }
  void let_go() {
    const std::lock_guard lock(gate_);
    open_ = true;
    opened_.notify_all();
  }
  void wait_for(int committing) {
    while (at_once < committing) std::this_thread::yield();
  }

  std::atomic<int> at_once = 0, most_at_once = 0;
  std::string failing;  // the key whose commit fails

 private:
  class SlowWriter : public blobs::Writer {
   public:
    SlowWriter(SlowBlobs& store, blobs::Key key, std::unique_ptr<blobs::Writer> inner)
        : store_(store), key_(std::move(key)), inner_(std::move(inner)) {}
    Result<void> write(std::span<const std::byte> bytes) override { return inner_->write(bytes); }
    Result<void> commit() override {
      const int now = ++store_.at_once;
      int most = store_.most_at_once;
      while (now > most && !store_.most_at_once.compare_exchange_weak(most, now)) {
      }
      {
        std::unique_lock lock(store_.gate_);
        store_.opened_.wait(lock, [this] { return store_.open_; });
      }
      --store_.at_once;
      if (key_ == store_.failing) return fail(ErrorCode::unavailable, "away");
      return inner_->commit();
    }
    std::uint64_t bytes() const override { return inner_->bytes(); }

   private:
    SlowBlobs& store_;
    blobs::Key key_;
    std::unique_ptr<blobs::Writer> inner_;
  };

  std::mutex gate_;
  std::condition_variable opened_;
  bool open_ = false;
};

Result<void> write(PartStore& parts, PartKind kind, std::uint32_t number, std::string_view text) {
  return parts.write(kind, number, crypto::as_bytes(text));
}

TEST(PartStore, parts_are_made_durable_beside_each_other_and_all_of_them_before_the_end) {
  SlowBlobs blobs;
  PartStore parts(blobs, "job_1", 1);
  for (std::uint32_t sheet = 0; sheet <= kMostCommitsAtOnce; ++sheet)
    ASSERT_TRUE(write(parts, PartKind::png, sheet, "a sheet"));
  blobs.wait_for(kMostCommitsAtOnce);
  EXPECT_EQ(blobs.count(), 0u);
  blobs.let_go();
  const auto listed = parts.finish();
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->size(), kMostCommitsAtOnce + 1);
  EXPECT_EQ(blobs.count(), kMostCommitsAtOnce + 1);
  EXPECT_EQ(blobs.at_once, 0);
}

TEST(PartStore, no_more_than_a_few_are_under_way_at_once) {
  SlowBlobs blobs;
  blobs.let_go();
  PartStore parts(blobs, "job_1", 1);
  for (std::uint32_t sheet = 0; sheet < 50; ++sheet)
    ASSERT_TRUE(write(parts, PartKind::png, sheet, "a sheet"));
  ASSERT_TRUE(parts.finish());
  EXPECT_LE(blobs.most_at_once, static_cast<int>(kMostCommitsAtOnce));
  EXPECT_EQ(blobs.count(), 50u);
}

TEST(PartStore, a_part_that_could_not_be_made_durable_fails_the_whole) {
  SlowBlobs blobs;
  blobs.let_go();
  blobs.failing = part_key("job_1", 1, "png", 1);
  PartStore parts(blobs, "job_1", 1);
  Result<void> written;
  for (std::uint32_t sheet = 0; sheet < 3 && written; ++sheet)
    written = write(parts, PartKind::png, sheet, "a sheet");
  const auto listed = parts.finish();
  EXPECT_FALSE(written && listed);
  ASSERT_TRUE(parts.settle());
  EXPECT_EQ(blobs.at_once, 0);
}

TEST(PartStore, all_but_previews_are_one_object) {
  FakeBlobs blobs;
  PartStore parts(blobs, "job_1", 2);
  ASSERT_TRUE(write(parts, PartKind::result, 0, "a "));
  ASSERT_TRUE(write(parts, PartKind::result, 0, "result"));
  EXPECT_FALSE(parts.has_thumbnail());
  ASSERT_TRUE(write(parts, PartKind::png, 3, "picture"));
  ASSERT_TRUE(write(parts, PartKind::thumbnail, 0, "small"));
  ASSERT_TRUE(write(parts, PartKind::scene, 3, "scene"));
  EXPECT_TRUE(parts.has_thumbnail());
  const auto listed = parts.finish().value();
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].kind, "png");
  EXPECT_EQ(listed[0].number, 3);
  EXPECT_EQ(listed[0].size, 7);
  EXPECT_EQ(listed[1].kind, "pack");
  EXPECT_EQ(listed[1].size,
            static_cast<std::int64_t>(blobs.open(part_key("job_1", 2, "pack", 0)).value()->size()));
  EXPECT_EQ(open_part(blobs, "job_1", 2, PartKind::result, 0).value()->size(), 8u);
  EXPECT_EQ(open_part(blobs, "job_1", 2, PartKind::scene, 3).value()->size(), 5u);
  EXPECT_EQ(open_part(blobs, "job_1", 2, PartKind::png, 3).value()->size(), 7u);
  EXPECT_EQ(open_part(blobs, "job_1", 2, PartKind::thumbnail, 0).value()->size(), 5u);
  EXPECT_EQ(open_part(blobs, "job_1", 1, PartKind::result, 0).error().code, ErrorCode::not_found);
}

TEST(PartStore, settling_waits_for_what_is_under_way) {
  SlowBlobs blobs;
  PartStore parts(blobs, "job_1", 1);
  ASSERT_TRUE(write(parts, PartKind::png, 0, "a sheet"));
  ASSERT_TRUE(write(parts, PartKind::png, 1, "half a sheet"));
  blobs.wait_for(1);
  std::jthread later([&] { blobs.let_go(); });
  ASSERT_TRUE(parts.settle());
  EXPECT_EQ(blobs.count(), 1u) << "the whole one; the other was never finished";
}

TEST(PartStore, a_part_that_comes_again_is_an_error) {
  SlowBlobs blobs;
  blobs.let_go();
  PartStore parts(blobs, "job_1", 1);
  ASSERT_TRUE(write(parts, PartKind::result, 0, "a"));
  ASSERT_TRUE(write(parts, PartKind::png, 0, "b"));
  EXPECT_EQ(write(parts, PartKind::result, 0, "c").error().code, ErrorCode::internal);
}

}  // namespace
}  // namespace cad::jobs
