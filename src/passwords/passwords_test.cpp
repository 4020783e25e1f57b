// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "passwords/common_words.hpp"
#include "passwords/password.hpp"

namespace cad::passwords {
namespace {

using testing::HasSubstr;

Secret password(std::string text) {
  auto prepared = prepare(text);
  EXPECT_TRUE(prepared) << prepared.error().message;
  return prepared ? std::move(*prepared) : Secret();
}

Secret unprepared(std::string_view text) { return Secret(std::as_bytes(std::span(text))); }

void expect_refused(std::string text, std::string_view why) {
  const auto prepared = prepare(text);
  ASSERT_FALSE(prepared) << why;
  EXPECT_EQ(ErrorCode::invalid_argument, prepared.error().code);
  EXPECT_THAT(prepared.error().message, HasSubstr(why));
}

TEST(Passwords, S10_hashes_are_bcrypt_with_cost_12_and_a_salt_of_their_own) {
  const Secret secret = password("correct horse battery");
  const std::string first = hash(secret).value();
  const std::string second = hash(secret).value();
  EXPECT_EQ(60u, first.size());
  EXPECT_EQ("$2b$12$", first.substr(0, 7));
  EXPECT_NE(first.substr(7, 22), second.substr(7, 22));
  EXPECT_TRUE(verify(secret, first));
  EXPECT_TRUE(verify(secret, second));
  EXPECT_FALSE(verify(password("correct horse batterz"), first));
}

TEST(Passwords, S10_a_hash_of_another_bcrypt_is_verified) {
  // Made by Python's bcrypt.
  const std::string known = "$2b$12$EXRkfkdmXn2gzds2SSitu.xB2RmtKkjZMf.PoQVkIhvGc8SLXWSUu";
  EXPECT_TRUE(verify(password("correct horse battery cafe\xCC\x81"), known));
  EXPECT_FALSE(verify(password("correct horse battery cafe"), known));
}

TEST(Passwords, S10_up_to_72_bytes_are_told_apart_and_more_are_refused) {
  const std::string longest(71, 'x');
  const std::string hashed = hash(password(longest + "a")).value();
  EXPECT_TRUE(verify(password(longest + "a"), hashed));
  EXPECT_FALSE(verify(password(longest + "b"), hashed));
  expect_refused(longest + "ab", "longer than 72 bytes");
  expect_refused(std::string(1 << 20, 'a'), "longer than 72 bytes");
  // 36 letters of two bytes each fit, one more does not.
  std::string letters;
  for (int i = 0; i < 36; ++i) letters += "\xC3\xA9";
  EXPECT_EQ(72u, password(letters).size());
  expect_refused(letters + "\xC3\xA9", "longer than 72 bytes");
  // What came around the check is hashed no more than it is accepted.
  EXPECT_FALSE(hash(unprepared(longest + "ab")));
}

TEST(Passwords, S10_eight_characters_are_enough_however_many_bytes_they_take) {
  expect_refused("", "fewer than 8");
  expect_refused("7 chars", "fewer than 8");
  EXPECT_EQ(8u, password("8 chars!").size());
  // Seven letters in 14 bytes; eight as they are typed, seven once composed.
  expect_refused("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", "fewer than 8");
  expect_refused("abcdefe\xCC\x81", "fewer than 8");
}

TEST(Passwords, S10_one_password_in_two_forms_of_Unicode_is_one_password) {
  const std::string composed = "caf\xC3\xA9 cr\xC3\xA8me br\xC3\xBBl\xC3\xA9\x65";
  const std::string decomposed = "cafe\xCC\x81 cre\xCC\x80me bru\xCC\x82le\xCC\x81\x65";
  EXPECT_EQ(composed, password(decomposed).text());
  const std::string hashed = hash(password(composed)).value();
  EXPECT_TRUE(verify(password(decomposed), hashed));
  EXPECT_TRUE(verify(password(composed), hash(password(decomposed)).value()));
  // 96 bytes as typed, 64 composed.
  std::string typed;
  for (int i = 0; i < 32; ++i) typed += "e\xCC\x81";
  EXPECT_EQ(64u, password(typed).size());
}

TEST(Passwords, S10_nul_and_what_is_no_text_are_refused) {
  expect_refused(std::string("correct\0horse battery", 21), "NUL");
  expect_refused(std::string(9, '\0'), "NUL");
  for (const char* bytes : {"password \xFF\xFE", "password \xC3", "password \xC0\xAF",
                            "password \xED\xA0\x80", "password \xF4\x90\x80\x80", "\x80 password"})
    expect_refused(bytes, "not valid UTF-8");
  EXPECT_FALSE(hash(unprepared({"correct\0horse", 13})));
}

TEST(Passwords, S10_what_the_caller_gave_is_wiped) {
  std::string good = "correct horse battery";
  std::string bad = "short";
  EXPECT_TRUE(prepare(good));
  EXPECT_FALSE(prepare(bad));
  EXPECT_EQ(std::string::npos, (good + bad).find_first_not_of('\0'));
}

TEST(Passwords, S10_a_malformed_hash_verifies_nothing) {
  const Secret secret = password("correct horse battery");
  const std::string good = hash(secret).value();
  for (const std::string& bad :
       {std::string(), std::string("*0"), good.substr(0, 59), good + "a", "$2a" + good.substr(3),
        "$2b$04" + good.substr(6), "$2b$31" + good.substr(6), good.substr(0, 59) + ":",
        std::string("$6$abcdefgh$") + std::string(48, 'a'),
        good.substr(0, 30) + '\0' + good.substr(31)})
    EXPECT_FALSE(verify(secret, bad)) << bad;
  std::string changed = good;
  changed[40] = changed[40] == 'a' ? 'b' : 'a';
  EXPECT_FALSE(verify(secret, changed));
}

TEST(Passwords, S10_the_dummy_hash_is_well_formed_and_never_verifies) {
  const std::string& dummy = dummy_hash();
  EXPECT_EQ(60u, dummy.size());
  EXPECT_EQ("$2b$12$", dummy.substr(0, 7));
  EXPECT_EQ(std::string::npos,
            dummy.find_first_not_of(
                "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 7));
  EXPECT_EQ(&dummy, &dummy_hash());
  EXPECT_FALSE(verify(password("correct horse battery"), dummy));
  EXPECT_FALSE(verify(Secret(), dummy));
}

std::string why_weak(std::string text) {
  const std::string personal[] = {"jane.doe-smith@widgets.example.org", "CADLens"};
  return weakness(password(std::move(text)), personal).value_or("");
}

TEST(Passwords, S10_common_passwords_are_refused) {
  for (const char* text :
       {"password", "PASSWORD", "Password", "iloveyou", "trustno1", "sunshine", "P@ssw0rd",
        "p4$$w0rd", "baseball", "monkey123", "Dragon2024!", "letmein!!", "m0nkey99", "Superman1",
        "passw0rd1!", "welcome1", "shadow123456789", "1etmein!!"})
    EXPECT_THAT(why_weak(text), HasSubstr("most common")) << text;
  EXPECT_TRUE(is_common_word("password"));
  EXPECT_FALSE(is_common_word(""));
  EXPECT_FALSE(is_common_word("zpassword"));
  EXPECT_FALSE(is_common_word("password\nx"));
  EXPECT_FALSE(is_common_word("\n"));
  EXPECT_FALSE(is_common_word("~~~~~~~~~~"));
}

TEST(Passwords, S10_every_word_of_the_list_is_found) {
  std::string_view all = common_words();
  std::size_t count = 0;
  while (!all.empty()) {
    const std::size_t end = all.find('\n');
    ASSERT_TRUE(is_common_word(all.substr(0, end))) << all.substr(0, end);
    all.remove_prefix(end + 1);
    ++count;
  }
  EXPECT_GT(count, 20000u);
}

TEST(Passwords, S10_repeated_and_plain_sequences_are_refused) {
  for (const char* text : {"aaaaaaaa", "xyxyxyxy", "TestTest", "        ",
                           "\xC3\xA9\xC3\xA9\xC3\xA9"
                           "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"})
    EXPECT_THAT(why_weak(text), HasSubstr("repeats")) << text;
  for (const char* text : {"12345678", "87654321", "abcdefgh", "ABCDEFGHIJ", "qwertyuiop",
                           "poiuytrewq", "asdfghjkl", "1234abcd", "qwer1234", "abc123def456",
                           "1qaz2wsx3edc", "aaabbbccc", "!@#$%^&*", "zyxwvuts", "1234567890"})
    EXPECT_THAT(why_weak(text), HasSubstr("sequence")) << text;
}

TEST(Passwords, S10_what_others_know_of_the_user_is_refused) {
  for (const char* text : {"jane.doe-smith@widgets.example.org", "janedoesmith", "JaneSmith1",
                           "smithjane", "widgets1", "Widgets.example", "cadlens123", "CADLens2024!",
                           "c4dl3ns!", "widgetscadlens", "jane-widgets"})
    EXPECT_THAT(why_weak(text), HasSubstr("e-mail address")) << text;
  EXPECT_FALSE(weakness(password("cadlens123"), {}));
}

TEST(Passwords, S10_nothing_else_is_asked_of_a_password) {
  for (const char* text :
       {"correct horse battery", "gmpvwxkt", "83920174", "monkey in the cadlens house",
        "monkey8349201857", "jane likes long walks",
        "\xD0\xBF\xD0\xB0\xD1\x80\xD0\xBE\xD0\xBB\xD1\x8C"
        "\xD0\xBD\xD1\x8B\xD0\xB9",
        "tr0mb0ne-hat", "12345678x!", "passwordsafe of mine"})
    EXPECT_EQ("", why_weak(text)) << text;
}

}  // namespace
}  // namespace cad::passwords
