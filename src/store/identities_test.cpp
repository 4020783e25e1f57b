// SPDX-License-Identifier: Apache-2.0
// Identities and waiting sign-ins, as every database must keep them.
#include "store/identities.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "store/oauth_states.hpp"
#include "store/repositories.hpp"

namespace cad::store {
namespace {

class Identities : public testing::Test {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-identities-" + std::to_string(::getpid()) + "-" +
            testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(dir_);
    std::filesystem::create_directories(dir_);
    database_ = open_sqlite((dir_ / "db").string()).value();
    ASSERT_TRUE(migrate(*database_, 1));
    KeyRepository keys(*database_);
    for (const char* id : {"acc_1", "acc_2"}) ASSERT_TRUE(keys.insert_account(id, id, 1));
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  IdentityRepository identities() { return IdentityRepository(*database_); }
  OauthStateRepository states() { return OauthStateRepository(*database_); }
  static LinkedIdentity identity(const std::string& subject, const std::string& account) {
    return {"https://github.com", subject, account, "github", "a@example.com", 7};
  }
  static OauthState state(const std::string& hash, UnixMs created) {
    OauthState out;
    out.state_hash = hash;
    out.provider = "google";
    out.binding_hash = "hash of a cookie";
    out.sealed = "1.sealed";
    out.redirect_uri = "https://cad.example/cb";
    out.created_at = created;
    out.expires_at = created + 1000;
    return out;
  }

  std::filesystem::path dir_;
  std::unique_ptr<Database> database_;
};

TEST_F(Identities, S13_an_identity_is_of_one_account) {
  ASSERT_TRUE(identities().insert(identity("42", "acc_1")));
  EXPECT_EQ(identities().insert(identity("42", "acc_2")).error().code, ErrorCode::conflict);
  EXPECT_EQ(identities().insert(identity("43", "acc_none")).error().code, ErrorCode::conflict);
  const auto found = identities().find("https://github.com", "42").value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->account_id, "acc_1");
  EXPECT_EQ(found->provider, "github");
  EXPECT_EQ(found->email, "a@example.com");
  EXPECT_EQ(found->created_at, 7);
  EXPECT_FALSE(identities().find("https://github.org", "42").value());
  EXPECT_FALSE(identities().find("https://github.com", "4").value());
}

TEST_F(Identities, S13_an_account_loses_them_by_provider_and_by_its_own_end) {
  ASSERT_TRUE(identities().insert(identity("42", "acc_1")));
  ASSERT_TRUE(identities().insert({"https://accounts.google.com", "x", "acc_1", "google", {}, 8}));
  ASSERT_TRUE(identities().insert(identity("43", "acc_2")));
  EXPECT_EQ(identities().of_account("acc_1")->size(), 2u);
  EXPECT_EQ(identities().remove("acc_1", "github").value(), 1);
  EXPECT_EQ(identities().remove("acc_1", "github").value(), 0);
  const auto left = identities().of_account("acc_1").value();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_FALSE(left.front().email);
  ASSERT_TRUE(KeyRepository(*database_).remove_account("acc_2").value());
  EXPECT_FALSE(identities().find("https://github.com", "43").value());
}

TEST_F(Identities, S13_a_state_is_taken_once_also_by_many_at_the_same_time) {
  OauthState stored = state("h", 100);
  stored.purpose = OauthPurpose::link;
  stored.account_id = "acc_1";
  stored.return_to = "/app";
  ASSERT_TRUE(states().insert(stored, 10));
  std::atomic<int> got = 0;
  std::vector<std::thread> all;
  for (int i = 0; i < 4; ++i)
    all.emplace_back([&] {
      const auto taken = states().take("h");
      if (!taken || !*taken) return;
      ++got;
      EXPECT_EQ((*taken)->purpose, OauthPurpose::link);
      EXPECT_EQ((*taken)->account_id, "acc_1");
      EXPECT_EQ((*taken)->return_to, "/app");
      EXPECT_FALSE((*taken)->invite_hash);
      EXPECT_EQ((*taken)->expires_at, 1100);
    });
  for (auto& thread : all) thread.join();
  EXPECT_EQ(got, 1);
}

TEST_F(Identities, S13_states_are_bounded_in_number_and_age) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(states().insert(state(std::to_string(i), 100 + i), 3));
  EXPECT_FALSE(states().take("0").value());
  EXPECT_FALSE(states().take("1").value());
  EXPECT_TRUE(states().take("2").value());
  ASSERT_TRUE(states().insert(state("late", 1103), 3));  // 3 is over age now, 4 is not
  EXPECT_FALSE(states().take("3").value());
  EXPECT_TRUE(states().take("4").value());
  EXPECT_EQ(states().remove_expired(2103).value(), 1);
}

TEST_F(Identities, S13_a_link_ends_with_the_session_that_began_it) {
  ASSERT_TRUE(database_->write("INSERT INTO sessions VALUES ('ses_1','acc_1','','',1,1,2,2)", {}));
  OauthState stored = state("h", 100);
  stored.account_id = "acc_1";
  stored.session_id = "ses_1";
  ASSERT_TRUE(states().insert(stored, 10));
  ASSERT_TRUE(database_->write("DELETE FROM sessions WHERE id = 'ses_1'", {}));
  EXPECT_FALSE(states().take("h").value());
}

TEST_F(Identities, S13_a_removed_account_takes_its_waiting_links_along) {
  OauthState stored = state("h", 100);
  stored.account_id = "acc_2";
  ASSERT_TRUE(states().insert(stored, 10));
  ASSERT_TRUE(KeyRepository(*database_).remove_account("acc_2").value());
  EXPECT_FALSE(states().take("h").value());
}

}  // namespace
}  // namespace cad::store
