// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <sstream>
#include <thread>

#include "audit/chain.hpp"
#include "audit/log.hpp"
#include "crypto/bytes.hpp"
#include "store/testing/databases.hpp"

namespace cad::audit {
namespace {

using testing::HasSubstr;

constexpr std::string_view kLabel = "master";

secrets::KeyRing ring_of(std::initializer_list<char> keys) {
  std::vector<secrets::RingKey> out;
  for (const char key : keys) {
    const std::string bytes(secrets::kKeyBytes, key);
    out.push_back(
        secrets::make_ring_key(crypto::as_bytes(bytes).first<secrets::kKeyBytes>(), kLabel));
  }
  return secrets::KeyRing(std::move(out));
}

class AuditTest : public testing::TestWithParam<store::Implementation> {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-audit-" + std::to_string(::getpid()) + "-" +
            testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(dir_);
    CAD_OPEN_DATABASE(GetParam(), dir_.string(), place_, database_);
    ASSERT_TRUE(store::migrate(*database_, 1));
    logger_ = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(told_));
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  std::unique_ptr<store::Database> open() { return store::open_database(place_).value(); }
  Log log(std::initializer_list<char> keys = {'a'}) {
    return Log(
        *database_, secrets::KeySource::fixed(ring_of(keys)), [] { return 1000; }, logger_.get());
  }
  void write(int count, std::initializer_list<char> keys = {'a'}) {
    Log into = log(keys);
    for (int i = 0; i < count; ++i)
      ASSERT_TRUE(into.append({.name = "key.created",
                               .account_id = "acc_" + std::to_string(i),
                               .actor = "operator",
                               .address = "192.0.2.1",
                               .detail = {{"key", "key_" + std::to_string(i)}}}));
  }
  Checked check(std::initializer_list<char> keys = {'a'}) {
    return verify(*database_, ring_of(keys)).value();
  }
  // As somebody would who may do everything with the database.
  void tamper(std::initializer_list<std::string> statements) {
    const bool postgres = database_->dialect() == store::Dialect::postgres;
    for (const char* trigger : {"audit_no_update", "audit_no_delete", "audit_append_only"})
      ASSERT_TRUE(database_->write(
          std::string("DROP TRIGGER IF EXISTS ") + trigger + (postgres ? " ON audit" : ""), {}));
    for (const std::string& sql : statements) {
      const auto done = database_->write(sql, {});
      ASSERT_TRUE(done) << done.error().message;
      ASSERT_GE(done->changed, 1) << sql;
    }
  }

  std::filesystem::path dir_;
  std::string place_;
  std::unique_ptr<store::Database> database_;
  std::ostringstream told_;
  std::shared_ptr<spdlog::logger> logger_;
};

TEST_P(AuditTest, entries_are_numbered_and_hang_together) {
  EXPECT_EQ(check().entries, 0);
  write(5);
  const Checked checked = check();
  EXPECT_EQ(checked.entries, 5);
  EXPECT_FALSE(checked.broken);
  EXPECT_EQ(checked.unproven, 0);
  const auto newest = store::AuditRepository(*database_).newest({}, 2).value();
  ASSERT_EQ(newest.size(), 2u);
  EXPECT_EQ(newest[0].hash, checked.head);
  EXPECT_EQ(newest[0].detail, "{\"key\":\"key_4\"}");
  EXPECT_EQ(store::AuditRepository(*database_).newest("acc_1", 9)->size(), 1u);
  EXPECT_THAT(told_.str(), HasSubstr("event=audit seq=5 name=key.created head=" + checked.head));
}

TEST_P(AuditTest, the_database_refuses_to_change_or_remove_an_entry) {
  write(2);
  for (const char* sql : {"UPDATE audit SET actor = 'nobody' WHERE seq = 1",
                          "DELETE FROM audit WHERE seq = 2", "DELETE FROM audit"}) {
    const auto done = database_->write(sql, {});
    ASSERT_FALSE(done) << sql;
    EXPECT_THAT(done.error().message, HasSubstr("append-only"));
  }
  EXPECT_EQ(check().entries, 2);
}

TEST_P(AuditTest, a_change_to_any_column_of_any_entry_is_found) {
  write(4);
  for (const char* column :
       {"account_id", "actor", "event", "address", "detail", "key_id", "previous", "hash"})
    for (int seq = 1; seq <= 4; ++seq) {
      const std::string set = "UPDATE audit SET " + std::string(column) + " = " + column;
      const std::string at = " WHERE seq = " + std::to_string(seq);
      tamper({set + " || 'x'" + at});
      const Checked checked = check();
      // An entry under a key that is unknown is found by the next one, or vouched for by nobody.
      const bool unknown_last = std::string(column) == "key_id" && seq == 4;
      EXPECT_TRUE(unknown_last ? checked.unproven == 1 : checked.broken.has_value())
          << column << " " << seq;
      EXPECT_LE(checked.broken.value_or(0), seq + 1);
      tamper({"UPDATE audit SET " + std::string(column) + " = substr(" + column + ", 1, length(" +
              column + ") - 1)" + at});
      ASSERT_FALSE(check().broken) << "put back";
    }
  tamper({"UPDATE audit SET at = at + 1 WHERE seq = 2"});
  EXPECT_EQ(check().broken, 2);
}

TEST_P(AuditTest, a_removed_a_swapped_and_an_inserted_entry_are_found) {
  write(5);
  tamper({"CREATE TABLE kept AS SELECT * FROM audit WHERE seq = 3",
          "DELETE FROM audit WHERE seq = 3"});
  EXPECT_EQ(check().broken, 3);
  EXPECT_THAT(check().fault, HasSubstr("missing"));
  tamper({"UPDATE audit SET seq = seq - 1 WHERE seq > 3"});
  EXPECT_EQ(check().broken, 3) << "closed up";
  tamper({"UPDATE audit SET seq = 5 WHERE seq = 4", "UPDATE audit SET seq = 4 WHERE seq = 3",
          "INSERT INTO audit SELECT * FROM kept"});
  ASSERT_FALSE(check().broken) << "as it was";
  tamper({"UPDATE audit SET seq = 99 WHERE seq = 2", "UPDATE audit SET seq = 2 WHERE seq = 4",
          "UPDATE audit SET seq = 4 WHERE seq = 99"});
  EXPECT_EQ(check().broken, 2) << "swapped";
}

TEST_P(AuditTest, an_entry_made_without_the_key_is_found) {
  write(3);
  auto forged = store::AuditRepository(*database_).last().value();
  forged->previous = link_after(forged);
  ++forged->seq;
  ASSERT_TRUE(store::AuditRepository(*database_).append(*forged));
  EXPECT_EQ(check().broken, 4);
  EXPECT_THAT(check().fault, HasSubstr("not as it was written"));
}

TEST_P(AuditTest, an_entry_under_a_key_of_nobody_is_found_though_the_service_went_on) {
  write(2);
  store::AuditRepository rows(*database_);
  auto forged = rows.last().value();
  forged->previous = link_after(forged);
  ++forged->seq;
  forged->key_id = "0123456789abcdef";
  ASSERT_TRUE(rows.append(*forged));
  write(1);  // signs over it
  EXPECT_EQ(check().broken, 4);
  EXPECT_THAT(check().fault, HasSubstr("nothing vouches for"));
}

TEST_P(AuditTest, a_tail_that_was_cut_off_is_told_to_the_services_log) {
  Log into = log();
  ASSERT_TRUE(into.append({.name = "key.created"}));
  ASSERT_TRUE(into.append({.name = "key.revoked"}));
  tamper({"DELETE FROM audit WHERE seq = 2"});
  EXPECT_FALSE(check().broken) << "the chain itself cannot tell";
  into.announce();
  EXPECT_THAT(told_.str(), HasSubstr("event=audit_cut seq=1 expected=2"));
}

TEST_P(AuditTest, what_other_processes_append_is_told_to_the_services_log) {
  Log service = log();
  service.announce();
  Log command(
      *database_, secrets::KeySource::fixed(ring_of({'a'})), [] { return 1000; }, nullptr);
  ASSERT_TRUE(command.append({.name = "key.created"}));
  ASSERT_TRUE(command.append({.name = "key.revoked"}));
  EXPECT_EQ(told_.str(), "");
  service.announce();
  service.announce();
  const std::string told = told_.str();
  EXPECT_THAT(told, HasSubstr("seq=1 name=key.created"));
  EXPECT_THAT(told, HasSubstr("seq=2 name=key.revoked"));
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 2) << "each once";
}

TEST_P(AuditTest, entries_of_older_master_keys_are_checked_while_those_are_in_the_ring) {
  write(2, {'a'});
  write(2, {'b', 'a'});
  EXPECT_EQ(check({'b', 'a'}).entries, 4);
  EXPECT_EQ(check({'b', 'a'}).unproven, 0);
  tamper({"UPDATE audit SET actor = 'x' WHERE seq = 1"});
  EXPECT_EQ(check({'b', 'a'}).broken, 1);
}

TEST_P(AuditTest, entries_of_a_dropped_master_key_are_vouched_for_by_a_later_one) {
  write(2, {'a'});
  EXPECT_EQ(check({'b'}).unproven, 2);
  write(1, {'b'});
  EXPECT_EQ(check({'b'}).entries, 3);
  EXPECT_EQ(check({'b'}).unproven, 0);
  tamper({"UPDATE audit SET actor = 'x' WHERE seq = 1"});
  EXPECT_EQ(check({'b'}).broken, 2) << "its successor does not follow it any more";
}

TEST_P(AuditTest, several_processes_append_at_once) {
  std::vector<std::thread> threads;
  std::atomic<int> failed = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      const auto database = open();  // a connection of its own, as another process has
      Log into(
          *database, secrets::KeySource::fixed(ring_of({'a'})), [] { return 1000; }, nullptr);
      for (int i = 0; i < 10; ++i) failed += !into.append({.name = "key.created"});
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(check().entries, 40);
  EXPECT_FALSE(check().broken);
}

INSTANTIATE_TEST_SUITE_P(Databases, AuditTest, store::every_database(), store::name_of);

}  // namespace
}  // namespace cad::audit
