// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

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

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void spill(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

// Bytes that differ everywhere, so that a swapped chunk cannot pass for another.
std::string sample(std::size_t size) {
  std::string out(size, '\0');
  std::uint32_t state = 12345;
  for (char& c : out) {
    state = state * 1664525 + 1013904223;
    c = static_cast<char>(state >> 24);
  }
  return out;
}

class Blobs : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "blobs_test_XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
    master_ = random_master();
    store_ = open_local_store(dir_, master_).value();
  }
  void TearDown() override { fs::remove_all(dir_); }

  Result<void> put(const Key& key, const std::string& text, std::size_t step = 10'000) {
    CAD_ASSIGN(auto writer, store_->create(key));
    for (std::size_t at = 0; at < text.size(); at += step) {
      CAD_TRY(writer->write(crypto::as_bytes(std::string_view(text).substr(at, step))));
    }
    EXPECT_EQ(writer->bytes(), text.size());
    return writer->commit();
  }

  Result<std::string> get(const Key& key) {
    CAD_ASSIGN(auto reader, store_->open(key));
    std::string out(reader->size(), '\0');
    CAD_ASSIGN(const std::size_t got, reader->read(0, std::as_writable_bytes(std::span(out))));
    EXPECT_EQ(got, out.size());
    return out;
  }

  fs::path file_of(const Key& key) const { return fs::path(dir_) / "objects" / (key + ".obj"); }

  static std::shared_ptr<secrets::KeySource> random_master() {
    return secrets::KeySource::fixed(secrets::KeyRing::of_one(
        crypto::as_bytes(crypto::random_key()).first<32>(), master_key_place("").label));
  }

  std::string dir_;
  std::shared_ptr<secrets::KeySource> master_;
  std::unique_ptr<BlobStore> store_;
};

TEST_F(Blobs, objects_of_every_length_around_a_chunk_come_back) {
  for (std::size_t size : {std::size_t{0}, std::size_t{1}, kChunkBytes - 1, kChunkBytes,
                           kChunkBytes + 1, 2 * kChunkBytes, 3 * kChunkBytes + 17}) {
    const std::string text = sample(size);
    ASSERT_TRUE(put("uploads/job_1", text)) << size;
    EXPECT_EQ(get("uploads/job_1").value(), text) << size;
    EXPECT_EQ(extent_of_file(fs::file_size(file_of("uploads/job_1"))).value().plain_bytes, size);
  }
}

TEST_F(Blobs, reads_at_any_place) {
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

TEST_F(Blobs, nothing_remains_without_commit) {
  {
    auto writer = store_->create("uploads/job_1").value();
    ASSERT_TRUE(writer->write(crypto::as_bytes(sample(200'000))));
  }
  EXPECT_FALSE(store_->open("uploads/job_1"));
  EXPECT_TRUE(store_->list("").value().empty());
  EXPECT_TRUE(fs::is_empty(fs::path(dir_) / "tmp"));
}

TEST_F(Blobs, commit_replaces_and_a_reader_keeps_what_it_opened) {
  ASSERT_TRUE(put("a", "old"));
  auto reader = store_->open("a").value();
  ASSERT_TRUE(put("a", "newer"));
  EXPECT_EQ(get("a").value(), "newer");
  std::string old(3, '\0');
  EXPECT_EQ(reader->read(0, std::as_writable_bytes(std::span(old))).value(), 3u);
  EXPECT_EQ(old, "old");
}

TEST_F(Blobs, a_finished_writer_takes_no_more) {
  auto writer = store_->create("a").value();
  ASSERT_TRUE(writer->commit());
  EXPECT_FALSE(writer->write(crypto::as_bytes("x")));
  EXPECT_FALSE(writer->commit());
}

TEST_F(Blobs, lists_by_prefix_and_removes_with_empty_folders) {
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

  EXPECT_TRUE(store_->remove("results/job_1/png/0").value());
  EXPECT_FALSE(store_->remove("results/job_1/png/0").value());
  EXPECT_FALSE(fs::exists(fs::path(dir_) / "objects/results/job_1/png"));
  EXPECT_TRUE(fs::exists(fs::path(dir_) / "objects/results/job_1"));
  EXPECT_EQ(store_->open("results/job_1/png/0").error().code, ErrorCode::not_found);
}

TEST_F(Blobs, keys_that_could_leave_the_folder_are_refused) {
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

TEST_F(Blobs, S03_plaintext_is_nowhere_on_disk_not_even_while_writing) {
  const std::string marker = "MARKER-that-no-disk-may-hold";
  std::string text;
  while (text.size() < 200'000) text += marker;
  auto expect_no_marker = [&] {
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(dir_)) {
      if (!entry.is_regular_file()) continue;
      ++files;
      EXPECT_EQ(slurp(entry.path()).find(marker), std::string::npos) << entry.path();
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

TEST_F(Blobs, S03_equal_objects_look_unlike) {
  ASSERT_TRUE(put("a", "the same"));
  ASSERT_TRUE(put("b", "the same"));
  EXPECT_NE(slurp(file_of("a")).substr(kHeaderBytes), slurp(file_of("b")).substr(kHeaderBytes));
}

TEST_F(Blobs, S03_a_flipped_bit_anywhere_is_refused) {
  const std::string text = sample(2 * kChunkBytes + 50);
  ASSERT_TRUE(put("a", text));
  const std::string good = slurp(file_of("a"));
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < kHeaderBytes; ++i) places.push_back(i);  // every byte of the header
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
    spill(file_of("a"), bad);
    auto got = get("a");
    ASSERT_FALSE(got) << "byte " << place;
    EXPECT_EQ(got.error().code, ErrorCode::integrity) << "byte " << place;
  }
  spill(file_of("a"), good);
  EXPECT_EQ(get("a").value(), text);
}

TEST_F(Blobs, S03_a_cut_or_lengthened_object_is_refused_when_opened) {
  ASSERT_TRUE(put("a", sample(2 * kChunkBytes + 50)));
  const std::string good = slurp(file_of("a"));
  for (std::size_t size :
       {std::size_t{0}, std::size_t{50}, kHeaderBytes, kHeaderBytes + 16, kHeaderBytes + 17,
        kHeaderBytes + kSealedChunkBytes, kHeaderBytes + 2 * kSealedChunkBytes,
        kHeaderBytes + 2 * kSealedChunkBytes + 16, good.size() - 1}) {
    spill(file_of("a"), good.substr(0, size));
    auto opened = store_->open("a");
    ASSERT_FALSE(opened) << size;
    EXPECT_EQ(opened.error().code, ErrorCode::integrity) << size;
  }
  spill(file_of("a"), good + "x");
  EXPECT_FALSE(store_->open("a"));
  spill(file_of("a"), good + good.substr(kHeaderBytes));
  EXPECT_FALSE(store_->open("a"));
}

TEST_F(Blobs, S03_swapped_chunks_and_swapped_objects_are_refused) {
  ASSERT_TRUE(put("a", sample(3 * kChunkBytes)));
  ASSERT_TRUE(put("b", sample(3 * kChunkBytes)));
  const std::string a = slurp(file_of("a"));
  const std::string b = slurp(file_of("b"));
  const auto chunk = [](const std::string& file, std::size_t n) {
    return file.substr(kHeaderBytes + n * kSealedChunkBytes, kSealedChunkBytes);
  };
  spill(file_of("a"), a.substr(0, kHeaderBytes) + chunk(a, 1) + chunk(a, 0) + chunk(a, 2));
  EXPECT_EQ(get("a").error().code, ErrorCode::integrity);
  spill(file_of("a"), a.substr(0, kHeaderBytes) + chunk(a, 0) + chunk(b, 1) + chunk(a, 2));
  EXPECT_EQ(get("a").error().code, ErrorCode::integrity);
  spill(file_of("a"), b);
  EXPECT_EQ(store_->open("a").error().code, ErrorCode::integrity);
}

TEST_F(Blobs, S03_another_master_key_opens_nothing_and_says_so) {
  ASSERT_TRUE(put("a", "text"));
  auto other = open_local_store(dir_, random_master()).value();
  auto opened = other->open("a");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::integrity);
  EXPECT_NE(opened.error().message.find("another master key"), std::string::npos);
}

TEST_F(Blobs, S03_files_and_folders_are_the_owners_alone) {
  ASSERT_TRUE(put("results/job_1/result", "text"));
  auto writer = store_->create("b").value();
  for (const auto& entry : fs::recursive_directory_iterator(dir_)) {
    const auto mode = static_cast<unsigned>(entry.status().permissions());
    EXPECT_EQ(mode, entry.is_directory() ? 0700u : 0600u) << entry.path();
  }
}

TEST_F(Blobs, leftovers_of_a_killed_writer_are_swept_and_living_writers_are_not) {
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
  EXPECT_EQ(sweep_leftovers(dir_).value(), 1u);
  EXPECT_EQ(sweep_leftovers(dir_).value(), 0u);
  ASSERT_TRUE(living->commit());
  EXPECT_EQ(get("b").value(), "text");
}

TEST_F(Blobs, writers_of_one_key_and_its_folders_at_once_give_one_whole_object) {
  std::atomic<int> failures = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        const std::string text(100'000 + t, static_cast<char>('a' + t));
        for (int i = 0; i < 8; ++i) {
          if (!put("deep/er/same", text)) ++failures;
          const auto got = get("deep/er/same");
          // Another thread may just have removed it; half of it must never be seen.
          if (got ? got->size() != 100'000u + (got->front() - 'a') ||
                        got->find_first_not_of(got->front()) != std::string::npos
                  : got.error().code != ErrorCode::not_found) {
            ++failures;
          }
          if (!store_->remove("deep/er/same")) ++failures;
          if (!sweep_leftovers(dir_)) ++failures;
        }
      });
    }
  }
  EXPECT_EQ(failures, 0);
  EXPECT_TRUE(fs::is_empty(fs::path(dir_) / "tmp"));
}

}  // namespace
}  // namespace cad::blobs
