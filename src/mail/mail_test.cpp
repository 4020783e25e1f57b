// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "mail/background.hpp"
#include "mail/message.hpp"
#include "silent_listener.hpp"

namespace cad::mail {
namespace {

using testing::HasSubstr;

TEST(Mail, S22_no_text_adds_a_header_or_a_receiver) {
  const std::string evil = "x\r\nBcc: eve@example.com\r\n\r\nhello";
  const std::string text = compose({"ann@example.com", evil, evil + "\r\n.\r\nRSET", "ID\r\nX: y"},
                                   "cad@example.com", 0);
  EXPECT_EQ(text.find("\nBcc:"), std::string::npos);
  EXPECT_EQ(text.find("\nX:"), std::string::npos);
  EXPECT_EQ(text.find("\n.\r\n"), std::string::npos);
  const std::string head = text.substr(0, text.find("\r\n\r\n"));
  EXPECT_EQ(std::count(head.begin(), head.end(), ':'), 9 + 2) << head;  // the date has two
  EXPECT_THAT(head, HasSubstr("To: <ann@example.com>\r\n"));
  EXPECT_THAT(head, HasSubstr("Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n"));
}

TEST(Mail, subjects_are_encoded_in_whole_characters) {
  EXPECT_EQ(encode_subject("Ready: house.dxf"), "Ready: house.dxf");
  EXPECT_EQ(encode_subject("Gr\xc3\xbc\xc3\x9f"), "=?UTF-8?B?R3LDvMOf?=");
  EXPECT_THAT(encode_subject("=?UTF-8?Q?x?="), testing::StartsWith("=?UTF-8?B?"));
  std::string long_one;
  for (int i = 0; i < 60; ++i) long_one += "\xe2\x98\x83";
  const std::string words = encode_subject(long_one);
  std::size_t start = 0;
  for (std::size_t end = 0; start < words.size(); start = end + 3) {
    end = std::min(words.find("\r\n ", start), words.size());
    EXPECT_LE(end - start, 75u);
    // 3 bytes a snowman: whole ones make base64 without padding.
    EXPECT_EQ(words.substr(start, end - start).find("=?="), std::string::npos);
  }
}

TEST(Mail, S22_only_plain_addresses_pass) {
  for (const char* good : {"ann@example.com", "a.b+c@x-y.example.co", "o'neil@example.com"})
    EXPECT_TRUE(is_address(good)) << good;
  for (const char* wrong :
       {"", "a", "@example.com", "a@", "a b@example.com", "a@example.com\r\nBcc: b@c.d", "<a@b.c>",
        "a@b.c,d@e.f", "\"a\"@b.c", "a@b@c.d", ".a@b.c", "a..b@c.d", "a@.b.c", "a@b..c", "a@b.c.",
        "a@-b.c", "\xc3\xa4@b.c", "a@b.c>", "a@b c"})
    EXPECT_FALSE(is_address(wrong)) << wrong;
}

TEST(Mail, settings_are_checked) {
  const SmtpSettings good{"smtps://mail.example.com:465", "u", "p", "cad@example.com", ""};
  EXPECT_TRUE(make_smtp_mailer(good));
  for (const SmtpSettings& wrong :
       {SmtpSettings{"http://mail.example.com", "", "", "cad@example.com", ""},
        SmtpSettings{"smtp://", "", "", "cad@example.com", ""},
        SmtpSettings{"smtp://u:p@mail.example.com", "", "", "cad@example.com", ""},
        SmtpSettings{good.url, "u", "", "cad@example.com", ""},
        SmtpSettings{good.url, "", "", "nobody", ""}})
    EXPECT_FALSE(make_smtp_mailer(wrong));
}

TEST(Mail, a_stop_ends_what_is_under_way_and_begins_nothing) {
  const test_support::SilentListener silent;
  const auto mailer =
      make_smtp_mailer({"smtp://" + silent.authority(), "", "", "cad@example.com", ""}).value();
  std::thread stopping([&] {
    silent.wait_for_somebody();
    mailer->stop();
  });
  for (int i = 0; i < 2; ++i) {
    const auto sent = mailer->send({"ann@example.com", "s", "t", "id"});
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, ErrorCode::unavailable);
    EXPECT_THAT(sent.error().message, HasSubstr("is stopping"));
  }
  stopping.join();
}

TEST(Mail, an_owner_who_is_not_configured_is_not_told) {
  EXPECT_FALSE(OwnerMail().configured());
  EXPECT_TRUE(OwnerMail().notify_owner("x", "y"));
}

// Refuses the mails to "slow" for now, and those to "never" for good.
class PickyMailer : public Mailer {
 public:
  Result<void> send(const Mail& mail) override {
    const std::lock_guard lock(mutex_);
    if (mail.to == "slow") return fail(ErrorCode::unavailable, "busy");
    if (mail.to == "never") return fail(ErrorCode::invalid_argument, "no");
    sent_.push_back(mail.to);
    return {};
  }
  std::vector<std::string> sent() {
    const std::lock_guard lock(mutex_);
    return sent_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> sent_;
};

TEST(BackgroundMailer, a_mail_that_has_to_wait_lets_the_others_by) {
  PickyMailer picky;
  std::atomic<int> failed = 0;
  BackgroundMailer mailer(&picky, [&failed](const std::string&) { ++failed; });
  for (const char* to : {"slow", "never", "a", "slow", "b"})
    EXPECT_TRUE(mailer.send({to, "subject", "text", "id"}));
  for (int i = 0; i < 1500 && picky.sent().size() < 2; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_THAT(picky.sent(), testing::ElementsAre("a", "b"));
  EXPECT_EQ(failed, 1);
  EXPECT_FALSE(BackgroundMailer(nullptr, {}).send({}));
}

}  // namespace
}  // namespace cad::mail
