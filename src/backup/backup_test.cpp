// SPDX-License-Identifier: Apache-2.0
#include "backup/backup.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "backup/archive.hpp"
#include "blobs/blob_store.hpp"
#include "crypto/bytes.hpp"
#include "jobs/services.hpp"
#include "store/testing/accounts.hpp"

namespace cad::backup {
namespace {

namespace fs = std::filesystem;

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void spill(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

class Backup : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "backup_test_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
    data_ = dir_ + "/data";
    file_ = dir_ + "/backup";
    fs::create_directory(data_);
    open();
    store::ApiKey key;
    key.id = "key";
    key.account_id = "acc";
    ASSERT_TRUE(store::add_account_of(*database_, key));
  }
  void TearDown() override {
    database_.reset();
    fs::remove_all(dir_);
  }
  void open() {
    database_ = store::open_sqlite(data_ + "/cadlens.db").value();
    ASSERT_TRUE(store::migrate(*database_, 1));
    blobs_ = open_blobs(data_);
  }
  static std::unique_ptr<blobs::BlobStore> open_blobs(const std::string& data) {
    return blobs::open_local_store(
               data + "/blobs",
               secrets::KeySource::open(blobs::master_key_place(data), secrets::Missing::make)
                   .value())
        .value();
  }

  void put(const std::string& key, const std::string& text) {
    auto writer = blobs_->create(key).value();
    ASSERT_TRUE(writer->write(crypto::as_bytes(text)));
    ASSERT_TRUE(writer->commit());
  }
  static std::string get(blobs::BlobStore& store, const std::string& key) {
    const auto reader = store.open(key);
    if (!reader) return "(" + std::string(to_string(reader.error().code)) + ")";
    std::string out((*reader)->size(), '\0');
    return (*reader)->read(0, std::as_writable_bytes(std::span(out))) ? out : "(unreadable)";
  }
  // A job whose upload and result hold its id.
  void add_job(const std::string& id, store::JobStatus status) {
    store::Job job;
    job.id = id;
    job.uuid = "uuid of " + id;
    job.key_id = "key";
    job.account_id = "acc";
    job.file_name = "plan of " + id;
    job.status = status;
    if (status == store::JobStatus::completed) job.result_attempt = 1;
    ASSERT_TRUE(store::JobRepository(*database_).insert(job, {}));
    put(jobs::upload_key(id), "upload of " + id);
    if (status != store::JobStatus::completed) return;
    ASSERT_TRUE(database_->write("INSERT INTO parts VALUES ($1, 'result', 0, 1)", {id}));
    put(jobs::part_key(id, 1, "result", 0), "result of " + id);
  }

  Result<Contents> back_up(bool with_master_key = true) {
    return make_backup({data_, file_, with_master_key, "created=now\n"}, key_);
  }
  Result<Contents> restore(const std::string& into) {
    return restore_backup({file_, into, false}, key_);
  }
  Result<Contents> verify() { return restore_backup({file_, "", true}, key_); }
  std::size_t files_in(const std::string& dir) const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(dir), {}));
  }

  std::string dir_, data_, file_;
  Secret key_{crypto::as_bytes(crypto::random_key())};
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<blobs::BlobStore> blobs_;
};

TEST_F(Backup, S06_a_restore_gives_the_same_data_back) {
  add_job("job_a", store::JobStatus::completed);
  add_job("job_b", store::JobStatus::pending);
  put("uploads/job_orphan", "no job has it");
  const auto made = back_up();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->objects, 3u);
  EXPECT_EQ(made->missing, 0u);
  EXPECT_EQ(made->master_ids.size(), 1u);

  const auto restored = restore(dir_ + "/new");
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->objects, 3u);
  EXPECT_EQ(restored->about, "created=now\n");
  const auto database = store::open_sqlite(dir_ + "/new/cadlens.db").value();
  store::JobRepository jobs(*database);
  EXPECT_EQ(jobs.find("job_a")->file_name, "plan of job_a");
  EXPECT_EQ(jobs.find("job_b")->status, store::JobStatus::pending);
  const auto blobs = open_blobs(dir_ + "/new");
  EXPECT_EQ(get(*blobs, "uploads/job_a"), "upload of job_a");
  EXPECT_EQ(get(*blobs, "results/_a/job_a-1-result-0"), "result of job_a");
  EXPECT_EQ(get(*blobs, "uploads/job_b"), "upload of job_b");
  EXPECT_EQ(get(*blobs, "uploads/job_orphan"), "(NOT_FOUND)");
}

TEST_F(Backup, S06_everything_is_the_owners_alone_and_nothing_is_left_beside) {
  add_job("job_a", store::JobStatus::completed);
  ASSERT_TRUE(back_up());
  ASSERT_TRUE(restore(dir_ + "/new/deeper/"));
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  for (const auto& entry : fs::recursive_directory_iterator(dir_ + "/new/deeper")) {
    const auto mode = static_cast<unsigned>(entry.status().permissions());
    EXPECT_EQ(mode & 077, 0u) << entry.path();
  }
  EXPECT_EQ(files_in(dir_), 3u) << "data, backup, new";
  EXPECT_EQ(files_in(dir_ + "/new"), 1u);
  for (const auto& entry : fs::directory_iterator(data_))
    EXPECT_EQ(entry.path().string().find("snapshot"), std::string::npos) << entry.path();
}

TEST_F(Backup, S06_the_backup_is_encrypted_and_compressed) {
  for (int i = 0; i < 2000; ++i)
    ASSERT_TRUE(database_->write(
        "INSERT INTO accounts (id, name, created_at) VALUES ($1, 'MARKER-in-the-database', 1)",
        {"acc_" + std::to_string(i)}));
  const auto made = back_up();
  ASSERT_TRUE(made);
  const std::string bytes = slurp(file_);
  EXPECT_EQ(bytes.find("MARKER"), std::string::npos);
  EXPECT_EQ(bytes.find("SQLite"), std::string::npos);
  EXPECT_LT(bytes.size(), made->database_bytes / 2);
  ASSERT_TRUE(back_up());
  EXPECT_NE(slurp(file_).substr(kSealedHeaderBytes, 64), bytes.substr(kSealedHeaderBytes, 64));
}

TEST_F(Backup, S06_the_master_key_is_in_it_only_when_asked_for) {
  add_job("job_a", store::JobStatus::completed);
  const std::string master = slurp(data_ + "/master.key");
  const auto without = back_up(false);
  ASSERT_TRUE(without);
  ASSERT_TRUE(restore(dir_ + "/without"));
  EXPECT_FALSE(fs::exists(dir_ + "/without/master.key"));
  EXPECT_EQ(get(*open_blobs(dir_ + "/without"), "uploads/job_a"), "(INTEGRITY_ERROR)")
      << "under a fresh master key";
  spill(dir_ + "/without/master.key", master);
  EXPECT_EQ(get(*open_blobs(dir_ + "/without"), "uploads/job_a"), "upload of job_a");

  const auto with = back_up(true);
  ASSERT_TRUE(with);
  ASSERT_TRUE(restore(dir_ + "/with"));
  EXPECT_EQ(slurp(dir_ + "/with/master.key"), master);
}

TEST_F(Backup, S06_another_key_is_refused_and_leaves_nothing) {
  ASSERT_TRUE(back_up());
  const Secret other{crypto::as_bytes(crypto::random_key())};
  const auto restored = restore_backup({file_, dir_ + "/new", false}, other);
  ASSERT_FALSE(restored);
  EXPECT_NE(restored.error().message.find("another backup key"), std::string::npos);
  EXPECT_FALSE(restore_backup({file_, "", true}, other));
  EXPECT_EQ(files_in(dir_), 2u);
}

TEST_F(Backup, S06_a_flipped_bit_anywhere_is_refused_and_leaves_nothing) {
  add_job("job_a", store::JobStatus::completed);
  put("uploads/job_a", std::string(600'000, 'x'));  // several chunks
  ASSERT_TRUE(back_up());
  const std::string good = slurp(file_);
  ASSERT_GT(good.size(), 2 * kSealedChunk);
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < kSealedHeaderBytes; ++i) places.push_back(i);
  for (std::size_t i = kSealedHeaderBytes; i < good.size(); i += good.size() / 150)
    places.push_back(i);
  for (std::size_t i = 1; i <= 40; ++i) places.push_back(good.size() - i);
  const std::size_t chunk = kSealedHeaderBytes + kSealedChunk + crypto::kTagBytes;
  for (std::size_t i = chunk - 20; i < chunk + 4; ++i) places.push_back(i);
  for (const std::size_t place : places) {
    std::string bad = good;
    bad[place] = static_cast<char>(bad[place] ^ (1 << place % 8));
    spill(file_, bad);
    EXPECT_FALSE(verify()) << place;
    EXPECT_FALSE(restore(dir_ + "/new")) << place;
    ASSERT_FALSE(fs::exists(dir_ + "/new")) << place;
  }
  EXPECT_EQ(files_in(dir_), 2u);
  spill(file_, good);
  EXPECT_TRUE(verify());
}

TEST_F(Backup, S06_a_cut_or_lengthened_backup_is_refused) {
  add_job("job_a", store::JobStatus::completed);
  put("uploads/job_a", std::string(600'000, 'x'));
  ASSERT_TRUE(back_up());
  const std::string good = slurp(file_);
  const std::size_t chunk = kSealedChunk + crypto::kTagBytes;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{8}, kSealedHeaderBytes, kSealedHeaderBytes + 16,
        kSealedHeaderBytes + chunk, kSealedHeaderBytes + 2 * chunk, kSealedHeaderBytes + chunk + 1,
        good.size() - 1, good.size() - 16, good.size() / 2}) {
    spill(file_, good.substr(0, size));
    EXPECT_FALSE(verify()) << size;
    EXPECT_FALSE(restore(dir_ + "/new")) << size;
  }
  spill(file_, good + "x");
  EXPECT_FALSE(verify());
  spill(file_, good + good.substr(kSealedHeaderBytes));
  EXPECT_FALSE(verify());
  // Two chunks in each other's place.
  std::string swapped =
      good.substr(0, kSealedHeaderBytes) + good.substr(kSealedHeaderBytes + chunk, chunk) +
      good.substr(kSealedHeaderBytes, chunk) + good.substr(kSealedHeaderBytes + 2 * chunk);
  spill(file_, swapped);
  EXPECT_FALSE(verify());
  EXPECT_EQ(files_in(dir_), 2u);
}

TEST_F(Backup, S06_restores_into_a_new_or_empty_directory_only) {
  ASSERT_TRUE(back_up());
  EXPECT_EQ(restore(data_).error().code, ErrorCode::conflict);
  fs::create_directory(dir_ + "/empty");
  EXPECT_TRUE(restore(dir_ + "/empty"));
  EXPECT_TRUE(fs::exists(dir_ + "/empty/cadlens.db"));
  spill(dir_ + "/a file", "x");
  EXPECT_FALSE(restore(dir_ + "/a file"));
}

TEST_F(Backup, S06_objects_removed_meanwhile_are_recorded_and_their_jobs_mended) {
  add_job("job_retrieved", store::JobStatus::completed);
  add_job("job_deleted", store::JobStatus::completed);
  add_job("job_waiting", store::JobStatus::pending);
  add_job("job_stays", store::JobStatus::completed);
  // As if the server had removed them after the copy of the database was made.
  ASSERT_TRUE(blobs_->remove(jobs::upload_key("job_retrieved")));
  ASSERT_TRUE(blobs_->remove(jobs::part_key("job_deleted", 1, "result", 0)));
  ASSERT_TRUE(blobs_->remove(jobs::upload_key("job_waiting")));
  const auto made = back_up();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->missing, 3u);
  ASSERT_EQ(restore(dir_ + "/new").value().missing, 3u);
  const auto database = store::open_sqlite(dir_ + "/new/cadlens.db").value();
  store::JobRepository jobs(*database);
  EXPECT_TRUE(jobs.find("job_retrieved")->upload_gone);
  EXPECT_FALSE(jobs.find("job_deleted"));
  EXPECT_FALSE(jobs.find("job_waiting"));
  EXPECT_FALSE(jobs.find("job_stays")->upload_gone);
}

TEST_F(Backup, S06_what_cannot_work_is_said) {
  EXPECT_EQ(make_backup({dir_ + "/none", file_, false, ""}, key_).error().code,
            ErrorCode::not_found);
  EXPECT_FALSE(make_backup({data_, dir_ + "/no/such/folder/file", false, ""}, key_));
  EXPECT_EQ(restore_backup({dir_ + "/none", dir_ + "/new", false}, key_).error().code,
            ErrorCode::not_found);
  spill(file_, std::string(1000, 'x'));
  EXPECT_NE(verify().error().message.find("no backup"), std::string::npos);
  EXPECT_FALSE(fs::exists(dir_ + "/new"));
  spill(file_, "the last good one");
  fs::remove(data_ + "/master.key");
  EXPECT_FALSE(back_up(true));
  EXPECT_EQ(slurp(file_), "the last good one") << "a backup that failed replaces nothing";
  EXPECT_EQ(files_in(dir_), 2u);
}

TEST_F(Backup, S06_is_consistent_while_jobs_come_and_go) {
  std::atomic<bool> stop = false;
  std::atomic<int> made = 0;
  std::thread server([&] {
    for (int i = 0; !stop; ++i) {
      const std::string id = "job_" + std::to_string(i);
      add_job(id, store::JobStatus::completed);
      ++made;
      if (i < 5) continue;
      const std::string old = "job_" + std::to_string(i - 5);
      ASSERT_TRUE(store::JobRepository(*database_).remove(old));
      ASSERT_TRUE(blobs_->remove(jobs::upload_key(old)));
      ASSERT_TRUE(blobs_->remove(jobs::part_key(old, 1, "result", 0)));
    }
  });
  for (int round = 0; round < 8; ++round) {
    const auto backed_up = back_up();
    ASSERT_TRUE(backed_up) << backed_up.error().message;
    const std::string into = dir_ + "/new" + std::to_string(round);
    ASSERT_TRUE(restore(into));
    const auto database = store::open_sqlite(into + "/cadlens.db").value();
    store::JobRepository jobs(*database);
    const auto blobs = open_blobs(into);
    const auto ids = jobs.ids_after("", 1000).value();
    for (const std::string& id : ids) {
      if (!jobs.find(id)->upload_gone) {
        EXPECT_EQ(get(*blobs, jobs::upload_key(id)), "upload of " + id);
      }
      const auto parts = jobs.parts(id).value();
      for (const auto& part : parts)
        EXPECT_EQ(get(*blobs, jobs::part_key(id, 1, part.kind, part.number)), "result of " + id);
    }
  }
  stop = true;
  server.join();
  EXPECT_GT(made, 10);
}

}  // namespace
}  // namespace cad::backup
