// SPDX-License-Identifier: Apache-2.0
#include "store/sign_in_links.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "store/repositories.hpp"
#include "store/sessions.hpp"
#include "store/testing/databases.hpp"

namespace cad::store {
namespace {

class SignInLinks : public testing::TestWithParam<Implementation> {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() / ("cadlens-links-" + std::to_string(::getpid()));
    std::filesystem::create_directories(dir_);
    std::string place;
    CAD_OPEN_DATABASE(GetParam(), dir_.string(), place, database_);
    ASSERT_TRUE(migrate(*database_, 1));
    for (const char* id : {"acc_1", "acc_2"})
      ASSERT_TRUE(KeyRepository(*database_).insert_account(id, id, 1));
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  SignInLinkRepository links() { return SignInLinkRepository(*database_); }
  UserRepository users() { return UserRepository(*database_); }
  static User fresh(const std::string& uuid = "uuid") {
    User user;
    user.uuid = uuid;
    user.primary_provider = "link";
    user.created_at = 5;
    return user;
  }

  std::filesystem::path dir_;
  std::unique_ptr<Database> database_;
};

TEST_P(SignInLinks, one_makes_the_accounts_user_and_is_gone) {
  ASSERT_TRUE(links().add({"h", "acc_1", 5, 100}));
  EXPECT_EQ(links().take("other", fresh(), 50).error().code, ErrorCode::not_found);
  const auto user = links().take("h", fresh(), 50);
  ASSERT_TRUE(user) << user.error().message;
  EXPECT_EQ(user->account_id, "acc_1");
  EXPECT_EQ(user->email, "");
  EXPECT_FALSE(user->password_hash);
  EXPECT_EQ(links().take("h", fresh(), 50).error().code, ErrorCode::not_found);
  ASSERT_TRUE(links().add({"h2", "acc_1", 5, 100}));
  EXPECT_EQ(links().take("h2", fresh("another"), 50)->uuid, "uuid") << "the user stays";
  ASSERT_TRUE(links().add({"h3", "acc_2", 5, 100}));
  EXPECT_TRUE(links().take("h3", fresh("of 2"), 50)) << "two accounts may lack an address";
}

TEST_P(SignInLinks, one_that_is_too_old_or_not_the_newest_opens_nothing) {
  ASSERT_TRUE(links().add({"old", "acc_1", 5, 100}));
  EXPECT_FALSE(links().take("old", fresh(), 100));
  ASSERT_TRUE(links().add({"first", "acc_1", 5, 100}));
  ASSERT_TRUE(links().add({"of another", "acc_2", 5, 100}));
  ASSERT_TRUE(links().add({"second", "acc_1", 5, 100}));
  EXPECT_FALSE(links().take("first", fresh(), 50));
  EXPECT_TRUE(links().take("second", fresh("1"), 50));
  EXPECT_TRUE(links().take("of another", fresh("2"), 50));
}

TEST_P(SignInLinks, of_many_who_have_one_link_one_comes_in) {
  constexpr int kThreads = 4;
  for (int round = 0; round < 5; ++round) {
    const std::string hash = "h" + std::to_string(round);
    ASSERT_TRUE(links().add({hash, "acc_1", 5, 100}));
    std::atomic<int> in = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i)
      threads.emplace_back([&] { in += links().take(hash, fresh(), 50).has_value(); });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(in, 1) << round;
  }
}

TEST_P(SignInLinks, first_credentials_are_chosen_once_and_end_other_access) {
  ASSERT_TRUE(links().add({"h", "acc_1", 5, 100}));
  User user = links().take("h", fresh(), 50).value();
  SessionRepository sessions(*database_);
  for (const char* id : {"mine", "other"}) {
    const SessionRecord session{id, "acc_1", "", "", 5, 5, 900};
    ASSERT_TRUE(sessions.insert(session, {id, id, 5, 900}, "key_d"));
  }
  ASSERT_TRUE(links().add({"left", "acc_1", 5, 100}));
  user.email = "A@example.com";
  user.email_key = "a@example.com";
  user.password_hash = "hash";
  EXPECT_FALSE(users().set_first_credentials(user, "ended", 60).value());
  EXPECT_TRUE(users().set_first_credentials(user, "mine", 60).value());
  EXPECT_FALSE(users().set_first_credentials(user, "mine", 60).value());
  EXPECT_EQ(users().find_by_email("a@example.com")->account_id, "acc_1");
  EXPECT_TRUE(sessions.find("mine", 60));
  EXPECT_FALSE(sessions.find("other", 60));
  EXPECT_FALSE(links().take("left", fresh(), 60));
}

TEST_P(SignInLinks, an_account_whose_user_has_no_address_may_be_given_one) {
  ASSERT_TRUE(links().add({"h", "acc_1", 5, 100}));
  User user = links().take("h", fresh(), 50).value();
  user.email = user.email_key = "a@example.com";
  user.primary_provider = "password";
  ASSERT_TRUE(users().attach(user));
  EXPECT_EQ(users().find("acc_1")->email, "a@example.com");
  EXPECT_EQ(users().attach(user).error().code, ErrorCode::conflict);
}

TEST_P(SignInLinks, those_that_nobody_used_are_swept) {
  ASSERT_TRUE(links().add({"h", "acc_1", 5, 100}));
  EXPECT_EQ(users().remove_expired(99).value(), 0);
  EXPECT_EQ(users().remove_expired(100).value(), 1);
}

INSTANTIATE_TEST_SUITE_P(Databases, SignInLinks, every_database(), name_of);

}  // namespace
}  // namespace cad::store
