// SPDX-License-Identifier: Apache-2.0
// Backups of databases as rows: from every kind into every kind.
#include "backup/tables.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "backup/backup.hpp"
#include "crypto/bytes.hpp"
#include "jobs/services.hpp"
#include "store/repositories.hpp"
#include "store/testing/accounts.hpp"
#include "store/testing/databases.hpp"

namespace cad::backup {
namespace {

namespace fs = std::filesystem;
using FromTo = std::tuple<store::Implementation, store::Implementation>;

class RowBackup : public testing::TestWithParam<FromTo> {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "tables_test_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
    for (const char* name : {"/from", "/to"}) fs::create_directory(dir_ + name);
    CAD_OPEN_DATABASE(std::get<0>(GetParam()), dir_ + "/from", place_, from_);
    CAD_OPEN_DATABASE(std::get<1>(GetParam()), dir_ + "/to", place_, to_);
    from_store_ = blobs::open_local_store(dir_ + "/from/blobs", masters()).value();
    objects_ = objects_of(*from_store_);  // as those in S3 are read
    new_objects_ = local_objects(dir_ + "/to/blobs");
    fill();
  }
  void TearDown() override {
    from_.reset();
    to_.reset();
    fs::remove_all(dir_);
  }

  void fill() {
    ASSERT_TRUE(store::migrate(*from_, 1));
    ASSERT_TRUE(store::add_account_of(*from_, {.id = "key",
                                               .account_id = "acc",
                                               .name = "Stra\xc3\x9f"
                                                       "e",
                                               .prefix = "",
                                               .hash = "h",
                                               .scopes = ""}));
    ASSERT_TRUE(from_->transaction([](store::Session& session) -> Result<void> {
      for (int i = 0; i < 1100; ++i) {
        store::Job job;
        job.id = job.uuid = "job_" + std::to_string(i);
        job.file_name = std::string(static_cast<std::size_t>(i) * 3, 'n') + "\n\xe2\x82\xac'";
        if (i % 2 == 0) job.webhook_url = "https://a.example/" + std::to_string(i);
        CAD_TRY(session.run(
            "INSERT INTO jobs (id, uuid, key_id, account_id, status, file_name, file_size,"
            " mime_type, format, sha256, webhook_url, created_at, updated_at, expires_at, progress,"
            " phase, attempt, failures, available_at, watched, upload_gone) VALUES ($1,$1,'key',"
            "'acc','PENDING',$2,$3,'','dxf','',$4,1,1,9223372036854775807,0,'',0,0,-1,0,1)",
            {job.id, job.file_name, std::int64_t{i} * 5'000'000'000,
             store::nullable(job.webhook_url)}));
      }
      CAD_TRY(session.run(
          "INSERT INTO audit VALUES (1, 2, 'acc', '', 'e', '', '{}', 'k', 'p', 'h')", {}));
      return {};
    }));
    add_object_of("job_1", "upload of job_1");
    ASSERT_TRUE(from_->write("UPDATE jobs SET upload_gone = 0 WHERE id IN ('job_1', 'job_2')", {}));
  }
  void add_object_of(const std::string& id, const std::string& text) {
    const auto blobs = blobs::open_local_store(dir_ + "/from/blobs", masters()).value();
    auto writer = blobs->create(jobs::upload_key(id)).value();
    ASSERT_TRUE(writer->write(crypto::as_bytes(text)));
    ASSERT_TRUE(writer->commit());
  }
  std::shared_ptr<secrets::KeySource> masters() {
    return secrets::KeySource::open(blobs::master_key_place(dir_), secrets::Missing::make).value();
  }

  // All that a database holds, as text.
  static std::string content(store::Database& database) {
    std::string out;
    EXPECT_TRUE(database.snapshot([&](store::Session& session) -> Result<void> {
      CAD_ASSIGN(const auto tables, store::table_shapes(session, database.dialect()));
      for (const store::TableShape& table : tables) {
        CAD_ASSIGN(const store::Rows rows, store::rows_after(session, table, {}, 100'000));
        out += table.name + "\n";
        for (const store::Row& row : rows.rows) {
          for (std::size_t i = 0; i < table.columns.size(); ++i)
            out += row.maybe_integer(i) ? std::to_string(row.integer(i)) + "|"
                                        : row.maybe_text(i).value_or("NULL") + "|";
          out += "\n";
        }
      }
      return {};
    }));
    return out;
  }
  Result<Contents> back_up() {
    BackupOptions options{dir_ + "/none", dir_ + "/backup", false, "created=now\n"};
    options.database = from_.get();
    options.objects = objects_.get();
    return make_backup(options, key_);
  }
  Result<Contents> restore(bool verify_only = false) {
    RestoreOptions options{dir_ + "/backup", "", verify_only};
    options.database = to_.get();
    options.objects = new_objects_.get();
    return restore_backup(options, key_);
  }

  std::string dir_, place_;
  Secret key_{crypto::as_bytes(crypto::random_key())};
  std::unique_ptr<store::Database> from_, to_;
  std::unique_ptr<blobs::ManagedStore> from_store_;
  std::unique_ptr<StoredObjects> objects_, new_objects_;
};

TEST_P(RowBackup, S06_a_restore_gives_the_same_rows_and_objects_back) {
  const auto made = back_up();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->objects, 1u);
  EXPECT_EQ(made->missing, 1u);
  EXPECT_EQ(made->master_ids.size(), 1u);
  const auto checked = restore(true);
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_EQ(checked->database_bytes, made->database_bytes);

  const auto restored = restore();
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->about, "created=now\n");
  EXPECT_EQ(restored->missing, 1u);
  // Its upload was gone when the objects were copied, and it had not been parsed.
  ASSERT_TRUE(store::JobRepository(*from_).remove("job_2").value());
  EXPECT_EQ(content(*to_), content(*from_));
  const auto blobs = blobs::open_local_store(dir_ + "/to/blobs", masters()).value();
  std::string text(64, '\0');
  const auto reader = blobs->open("uploads/job_1").value();
  text.resize(reader->read(0, std::as_writable_bytes(std::span(text))).value());
  EXPECT_EQ(text, "upload of job_1");
  // It is a database like any other.
  EXPECT_TRUE(store::migrate(*to_, 5));
  EXPECT_TRUE(store::KeyRepository(*to_).insert_account("new", "new", 5));
}

TEST_P(RowBackup, S06_what_was_changed_is_refused_and_leaves_no_table) {
  ASSERT_TRUE(back_up());
  std::string good;
  {
    std::ifstream in(dir_ + "/backup", std::ios::binary);
    good.assign(std::istreambuf_iterator<char>(in), {});
  }
  for (const std::size_t place :
       {std::size_t{10}, std::size_t{30}, good.size() / 2, good.size() - 3}) {
    std::string bad = good;
    bad[place] = static_cast<char>(bad[place] ^ 4);
    std::ofstream(dir_ + "/backup", std::ios::binary | std::ios::trunc) << bad;
    EXPECT_FALSE(restore(true)) << place;
    EXPECT_FALSE(restore()) << place;
  }
  std::ofstream(dir_ + "/backup", std::ios::binary | std::ios::trunc) << good;
  const Secret right = key_.clone();
  key_ = Secret(crypto::as_bytes(crypto::random_key()));
  EXPECT_FALSE(restore()) << "another key";
  key_ = right.clone();
  fs::remove_all(dir_ + "/to/blobs");  // left over: no job owns them
  ASSERT_TRUE(restore()) << "the tables are still to be made";
  const auto again = restore();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::conflict) << "never over what is there";
}

TEST_P(RowBackup, S06_rows_go_into_a_data_directory_as_well) {
  ASSERT_TRUE(back_up());
  const auto restored = restore_backup({dir_ + "/backup", dir_ + "/new"}, key_);
  ASSERT_TRUE(restored) << restored.error().message;
  const auto database = store::open_sqlite(dir_ + "/new/cadlens.db").value();
  ASSERT_TRUE(store::JobRepository(*from_).remove("job_2").value());
  EXPECT_EQ(content(*database), content(*from_));
  EXPECT_TRUE(fs::exists(dir_ + "/new/blobs/objects/uploads/job_1.obj"));
}

std::string from_to(const testing::TestParamInfo<FromTo>& chosen) {
  return std::get<0>(chosen.param).name + "_to_" + std::get<1>(chosen.param).name;
}
INSTANTIATE_TEST_SUITE_P(Databases, RowBackup,
                         testing::Combine(store::every_database(), store::every_database()),
                         from_to);

}  // namespace
}  // namespace cad::backup
