// SPDX-License-Identifier: Apache-2.0
// What every kind of store promises.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "blobs/envelope.hpp"
#include "blobs/testing/backends.hpp"

namespace cad::blobs {
namespace {

namespace fs = std::filesystem;
using testing::get_raw;
using testing::Kind;
using testing::put_raw;
using testing::random_master;
using testing::sample;
using testing::slurp;

class Blobs : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    backend_ = testing::make_backend(GetParam());
    if (!backend_) GTEST_SKIP() << "OpenStack Swift is not installed";
    master_ = random_master();
    auto store = backend_->open(master_);
    ASSERT_TRUE(store) << store.error().message;
    store_ = std::move(*store);
  }
  void TearDown() override {
    if (!store_ || !backend_->remote()) return;
    const auto keys = store_->list("").value();
    for (const Key& key : keys) EXPECT_TRUE(store_->remove(key));
  }

  Result<void> put(const Key& key, std::string_view text) {
    return testing::put(*store_, key, text);
  }
  Result<std::string> get(const Key& key) { return testing::get(*store_, key); }

  std::unique_ptr<testing::Backend> backend_;
  std::shared_ptr<secrets::KeySource> master_;
  std::unique_ptr<ManagedStore> store_;
};

INSTANTIATE_TEST_SUITE_P(OnDisk, Blobs, ::testing::Values(Kind::local),
                         [](const auto&) { return "local"; });
INSTANTIATE_TEST_SUITE_P(OnSwift, Blobs, ::testing::Values(Kind::swift),
                         [](const auto&) { return "s3"; });

TEST_P(Blobs, objects_of_every_length_around_a_chunk_come_back) {
  for (std::size_t size : {std::size_t{0}, std::size_t{1}, kChunkBytes - 1, kChunkBytes,
                           kChunkBytes + 1, 2 * kChunkBytes, 3 * kChunkBytes + 17}) {
    const std::string text = sample(size);
    ASSERT_TRUE(put("uploads/job_1", text)) << size;
    EXPECT_EQ(get("uploads/job_1").value(), text) << size;
    EXPECT_EQ(extent_of_file(get_raw(*store_, "uploads/job_1").size())->plain_bytes, size);
  }
}

TEST_P(Blobs, reads_at_any_place) {
  const std::string text = sample(3 * kChunkBytes + 100);
  ASSERT_TRUE(put("a", text));
  auto reader = store_->open("a").value();
  for (std::size_t offset : {std::size_t{0}, kChunkBytes - 5, kChunkBytes, 2 * kChunkBytes + 7,
                             3 * kChunkBytes + 99, std::size_t{3}}) {
    std::string part(70'000, '\0');
    const std::size_t got = reader->read(offset, std::as_writable_bytes(std::span(part))).value();
    EXPECT_EQ(part.substr(0, got), text.substr(offset, part.size())) << offset;
  }
  std::byte one;
  EXPECT_EQ(reader->read(text.size(), {&one, 1}).value(), 0u);
  EXPECT_EQ(reader->read(~0ull - 2, {&one, 1}).value(), 0u);
}

TEST_P(Blobs, nothing_remains_without_commit) {
  {
    auto small = store_->create("uploads/job_1").value();
    ASSERT_TRUE(small->write(crypto::as_bytes(sample(200'000))));
    auto large = store_->create("uploads/job_2").value();
    ASSERT_TRUE(large->write(crypto::as_bytes(sample(6'000'000))));
  }
  EXPECT_FALSE(store_->open("uploads/job_1"));
  EXPECT_FALSE(store_->open("uploads/job_2"));
  EXPECT_TRUE(store_->count_master_keys()->objects.empty());
  EXPECT_EQ(store_->count_master_keys()->undecided, 0u);
  EXPECT_TRUE(store_->list("").value().empty());
}

TEST_P(Blobs, commit_replaces_and_a_reader_keeps_what_it_opened) {
  ASSERT_TRUE(put("a", "old"));
  auto reader = store_->open("a").value();
  ASSERT_TRUE(put("a", "newer"));
  EXPECT_EQ(get("a").value(), "newer");
  std::string old(3, '\0');
  EXPECT_EQ(reader->read(0, std::as_writable_bytes(std::span(old))).value(), 3u);
  EXPECT_EQ(old, "old");
}

TEST_P(Blobs, a_finished_writer_takes_no_more) {
  auto writer = store_->create("a").value();
  ASSERT_TRUE(writer->commit());
  EXPECT_FALSE(writer->write(crypto::as_bytes("x")));
  EXPECT_FALSE(writer->commit());
}

TEST_P(Blobs, lists_by_prefix_and_removes_with_empty_folders) {
  for (const char* key : {"results/job_1/result", "results/job_1/png/0", "results/job_12/result",
                          "uploads/job_1", "uploads"}) {
    ASSERT_TRUE(put(key, key));
  }
  using Keys = std::vector<Key>;
  EXPECT_EQ(store_->list("results/job_1/").value(),
            (Keys{"results/job_1/png/0", "results/job_1/result"}));
  EXPECT_EQ(store_->list("results/job_1").value(),
            (Keys{"results/job_1/png/0", "results/job_1/result", "results/job_12/result"}));
  EXPECT_EQ(store_->list("up").value(), (Keys{"uploads", "uploads/job_1"}));
  EXPECT_EQ(store_->list("").value().size(), 5u);
  EXPECT_TRUE(store_->list("nothing/here").value().empty());
  EXPECT_TRUE(store_->list("../").value().empty());

  EXPECT_TRUE(store_->remove("results/job_1/png/0"));
  EXPECT_TRUE(store_->remove("results/job_1/png/0")) << "none is as good as gone";
  EXPECT_EQ(store_->open("results/job_1/png/0").error().code, ErrorCode::not_found);
}

TEST_P(Blobs, many_are_removed_at_once_and_those_that_are_not_there_passed_over) {
  std::vector<Key> keys;
  for (int i = 0; i < 5; ++i) keys.push_back("results/job_1/1/png-" + std::to_string(i));
  for (const Key& key : keys) ASSERT_TRUE(put(key, key));
  ASSERT_TRUE(put("results/job_2/1/png-0", "stays"));
  keys.emplace_back("results/job_1/1/never-there");
  keys.emplace_back("nowhere");
  const auto removed = store_->remove_all(keys);
  EXPECT_TRUE(removed) << removed.error().message;
  EXPECT_EQ(store_->list("").value(), std::vector<Key>{"results/job_2/1/png-0"});
  EXPECT_TRUE(store_->remove_all({}));
  EXPECT_FALSE(store_->remove_all(std::vector<Key>{"results/job_2/1/png-0", "../x"}));
}

TEST_P(Blobs, a_walk_shows_each_object_once_and_ends_with_an_error) {
  std::vector<Key> keys;
  for (int i = 0; i < 6; ++i) keys.push_back("a/" + std::to_string(i) + "/x");
  for (const Key& key : keys) ASSERT_TRUE(put(key, key));
  std::vector<Key> seen;
  EXPECT_TRUE(store_->walk("a/", [&](std::span<const Aged> some) -> Result<bool> {
    for (const Aged& object : some) {
      seen.push_back(object.key);
      CAD_TRY(store_->remove(object.key));  // what is shown may go
    }
    return true;
  }));
  std::ranges::sort(seen);
  EXPECT_EQ(seen, keys);
  EXPECT_TRUE(store_->list("").value().empty());
  ASSERT_TRUE(put("a/1", "x"));
  const auto failed = store_->walk(
      "a/", [](std::span<const Aged>) -> Result<bool> { return fail(ErrorCode::conflict, "no"); });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "no");
}

// More objects than are shown at once.
TEST_P(Blobs, a_walk_ends_when_it_is_told) {
  ASSERT_TRUE(put("a/0", "x"));
  const fs::path folder = fs::path(backend_->files()) / "objects" / "a";
  for (int i = 1; i < (backend_->remote() ? 6 : 1500); ++i) {
    const std::string name = std::to_string(i);
    if (backend_->remote())
      ASSERT_TRUE(put("a/" + name, "x"));
    else
      fs::create_hard_link(folder / "0.obj", folder / (name + ".obj"));
  }
  int shown = 0, asked = 0;
  const auto take = [&](std::span<const Aged> some) -> Result<bool> {
    shown += static_cast<int>(some.size());
    return ++asked < 0;
  };
  EXPECT_TRUE(store_->walk("a/", take));
  EXPECT_EQ(asked, 1);
  EXPECT_LT(shown, backend_->remote() ? 6 : 1500);
}

TEST_P(Blobs, keys_that_could_leave_the_folder_are_refused) {
  for (std::string key : {"", "/a", "a/", "a//b", "..", "a/../b", "A", "a.b", "a b", "a\\b"}) {
    EXPECT_FALSE(is_valid_key(key)) << key;
    EXPECT_EQ(store_->create(key).error().code, ErrorCode::invalid_argument) << key;
    EXPECT_FALSE(store_->open(key)) << key;
    EXPECT_FALSE(store_->remove(key)) << key;
  }
  EXPECT_FALSE(is_valid_key(std::string("a\0b", 3)));
  EXPECT_TRUE(is_valid_key(std::string(200, 'a')));
  EXPECT_FALSE(is_valid_key(std::string(201, 'a')));
  EXPECT_TRUE(is_valid_key("uploads/job_0-9_z"));
}

TEST_P(Blobs, S03_plaintext_is_nowhere_on_disk_not_even_while_writing) {
  const std::string marker = "MARKER-that-no-disk-may-hold";
  std::string text;
  while (text.size() < 200'000) text += marker;
  auto expect_no_marker = [&] {
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(backend_->files())) {
      if (!entry.is_regular_file()) continue;
      ++files;
      EXPECT_FALSE(slurp(entry.path()).find(marker) != std::string::npos) << entry.path();
    }
    EXPECT_GT(files, 0u);
  };
  auto writer = store_->create("a").value();
  ASSERT_TRUE(writer->write(crypto::as_bytes(text)));
  expect_no_marker();
  ASSERT_TRUE(writer->commit());
  expect_no_marker();
  EXPECT_EQ(get("a").value(), text);
}

TEST_P(Blobs, S03_equal_objects_look_unlike) {
  ASSERT_TRUE(put("a", "the same"));
  ASSERT_TRUE(put("b", "the same"));
  EXPECT_NE(get_raw(*store_, "a").substr(kHeaderBytes), get_raw(*store_, "b").substr(kHeaderBytes));
}

TEST_P(Blobs, S03_a_flipped_bit_anywhere_is_refused) {
  const std::string text = sample(2 * kChunkBytes + 50);
  ASSERT_TRUE(put("a", text));
  const std::string good = get_raw(*store_, "a");
  std::vector<std::size_t> places;
  // Every byte of the header, where that takes no minutes.
  const std::size_t step = backend_->remote() ? 11 : 1;
  for (std::size_t i = 0; i < kHeaderBytes; i += step) places.push_back(i);
  for (std::size_t chunk = 0; chunk < 3; ++chunk) {
    const std::size_t start = kHeaderBytes + chunk * kSealedChunkBytes;
    const std::size_t end = std::min(start + kSealedChunkBytes, good.size());
    for (std::size_t i : {start, (start + end) / 2, end - 17, end - 16, end - 1}) {
      places.push_back(i);
    }
  }
  for (std::size_t place : places) {
    std::string bad = good;
    bad[place] = static_cast<char>(bad[place] ^ 0x20);
    put_raw(*store_, "a", bad);
    auto got = get("a");
    ASSERT_FALSE(got) << "byte " << place;
    EXPECT_EQ(got.error().code, ErrorCode::integrity) << "byte " << place;
  }
  put_raw(*store_, "a", good);
  EXPECT_EQ(get("a").value(), text);
}

TEST_P(Blobs, S03_a_cut_or_lengthened_object_is_refused_when_opened) {
  ASSERT_TRUE(put("a", sample(2 * kChunkBytes + 50)));
  const std::string good = get_raw(*store_, "a");
  for (std::size_t size :
       {std::size_t{0}, std::size_t{50}, kHeaderBytes, kHeaderBytes + 16, kHeaderBytes + 17,
        kHeaderBytes + kSealedChunkBytes, kHeaderBytes + 2 * kSealedChunkBytes,
        kHeaderBytes + 2 * kSealedChunkBytes + 16, good.size() - 1}) {
    put_raw(*store_, "a", good.substr(0, size));
    auto opened = store_->open("a");
    ASSERT_FALSE(opened) << size;
    EXPECT_EQ(opened.error().code, ErrorCode::integrity) << size;
  }
  put_raw(*store_, "a", good + "x");
  EXPECT_FALSE(store_->open("a"));
  put_raw(*store_, "a", good + good.substr(kHeaderBytes));
  EXPECT_FALSE(store_->open("a"));
}

TEST_P(Blobs, S03_swapped_chunks_and_swapped_objects_are_refused) {
  ASSERT_TRUE(put("a", sample(3 * kChunkBytes)));
  ASSERT_TRUE(put("b", sample(3 * kChunkBytes)));
  const std::string a = get_raw(*store_, "a");
  const std::string b = get_raw(*store_, "b");
  const auto chunk = [](const std::string& file, std::size_t n) {
    return file.substr(kHeaderBytes + n * kSealedChunkBytes, kSealedChunkBytes);
  };
  put_raw(*store_, "a", a.substr(0, kHeaderBytes) + chunk(a, 1) + chunk(a, 0) + chunk(a, 2));
  EXPECT_EQ(get("a").error().code, ErrorCode::integrity);
  put_raw(*store_, "a", a.substr(0, kHeaderBytes) + chunk(a, 0) + chunk(b, 1) + chunk(a, 2));
  EXPECT_EQ(get("a").error().code, ErrorCode::integrity);
  put_raw(*store_, "a", b);
  EXPECT_EQ(store_->open("a").error().code, ErrorCode::integrity);
}

TEST_P(Blobs, S03_another_master_key_opens_nothing_and_says_so) {
  ASSERT_TRUE(put("a", "text"));
  // A store that is tried with its own key.
  auto other = backend_->open(random_master()).value();
  auto opened = other->open("a");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::integrity);
  EXPECT_NE(opened.error().message.find("another master key"), std::string::npos);
}

TEST_P(Blobs, writers_of_one_key_and_its_folders_at_once_give_one_whole_object) {
  std::atomic<int> failures = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        const std::string text(100'000 + t, static_cast<char>('a' + t));
        for (int i = 0; i < (backend_->remote() ? 3 : 8); ++i) {
          if (!put("deep/er/same", text)) ++failures;
          const auto got = get("deep/er/same");
          // Another thread may just have removed it; half of it must never be seen.
          if (got ? got->size() != 100'000u + (got->front() - 'a') ||
                        got->find_first_not_of(got->front()) != std::string::npos
                  : got.error().code != ErrorCode::not_found) {
            ++failures;
          }
          if (!store_->remove("deep/er/same")) ++failures;
          if (!store_->sweep_leftovers()) ++failures;
        }
      });
    }
  }
  EXPECT_EQ(failures, 0);
}

TEST_P(Blobs, large_objects_are_read_on_and_at_any_place) {
  const std::string text = sample(12'345'678);
  ASSERT_TRUE(put("large", text));
  EXPECT_TRUE(get("large").value() == text);
  auto reader = store_->open("large").value();
  std::string all;
  std::string piece(100'000, '\0');
  while (true) {  // as an answer is streamed
    const auto got = reader->read(all.size(), std::as_writable_bytes(std::span(piece)));
    ASSERT_TRUE(got) << got.error().message;
    if (*got == 0) break;
    all.append(piece, 0, *got);
  }
  EXPECT_TRUE(all == text);
  for (const std::size_t at : {11'000'000, 0, 6'000'000, 5'900'000, 12'345'600, 1}) {
    const auto got = reader->read(at, std::as_writable_bytes(std::span(piece)));
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_TRUE(text.compare(at, *got, piece, 0, *got) == 0) << at;
    EXPECT_EQ(*got, std::min(piece.size(), text.size() - at));
  }
  EXPECT_TRUE(store_->remove("large"));
  EXPECT_TRUE(store_->list("").value().empty());
}

TEST_P(Blobs, S03_what_is_stored_moves_to_another_store_of_the_same_keys_and_no_other) {
  const std::string small = sample(1000), large = sample(7'000'000);
  ASSERT_TRUE(put("small", small) && put("large", large));
  testing::LocalBackend elsewhere;
  const auto other = elsewhere.open(master_).value();
  for (const char* key : {"small", "large"}) put_raw(*other, key, get_raw(*store_, key));
  EXPECT_EQ(testing::get(*other, "small").value(), small);
  EXPECT_TRUE(testing::get(*other, "large").value() == large);
  // And back again.
  ASSERT_TRUE(store_->remove("large"));
  put_raw(*store_, "large", get_raw(*other, "large"));
  EXPECT_TRUE(get("large").value() == large);
  put_raw(*store_, "renamed", get_raw(*other, "small"));
  EXPECT_EQ(get("renamed").error().code, ErrorCode::integrity);
  EXPECT_EQ(store_->open_stored_form("nothing").error().code, ErrorCode::not_found);
  EXPECT_FALSE(store_->open_stored_form("../x"));
  EXPECT_FALSE(store_->create_stored_form("../x"));
}

TEST_P(Blobs, the_list_tells_ages) {
  const auto now_ms = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  const auto before = now_ms();
  ASSERT_TRUE(put("a/1", "x") && put("a/2", "y"));
  const auto listed = store_->list_with_age("a/").value();
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].key, "a/1");
  for (const Aged& object : listed) {
    EXPECT_GE(object.modified_ms, before - 2000);  // stores tell whole seconds
    EXPECT_LE(object.modified_ms, now_ms() + 2000);
  }
}

}  // namespace
}  // namespace cad::blobs
