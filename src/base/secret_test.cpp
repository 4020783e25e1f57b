// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <ostream>
#include <sstream>
#include <string>

namespace cad {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
template <class T>
concept Stringable = requires(const T& value) {
  to_string(value);
};

TEST(SecretTest, S25_can_neither_be_printed_nor_turned_into_text_unasked) {
  static_assert(Printable<std::string>);
  static_assert(!Printable<Secret>);
  static_assert(!Stringable<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string_view>);
  static_assert(!std::is_convertible_v<Secret, std::string>);
  static_assert(!std::is_copy_constructible_v<Secret>);
  static_assert(!std::is_constructible_v<Secret, const char*>);
  SUCCEED();
}

TEST(SecretTest, S25_takes_a_text_over_and_wipes_it) {
  std::string text = "correct horse battery staple, longer than a small string";
  const char* at = text.data();
  const std::size_t size = text.size();
  const Secret secret = Secret::from_text(text);
  EXPECT_EQ(std::string(at, size), std::string(size, '\0'));
  EXPECT_EQ(secret.text(), "correct horse battery staple, longer than a small string");
}

TEST(SecretTest, compares_by_content_and_moves) {
  std::string one = "secret one", same = "secret one", other = "secret two", more = "secret one+";
  Secret a = Secret::from_text(one);
  const Secret b = Secret::from_text(same), c = Secret::from_text(other),
               d = Secret::from_text(more);
  EXPECT_TRUE(a == b);
  EXPECT_FALSE(a == c);
  EXPECT_FALSE(a == d);
  EXPECT_FALSE(a == Secret());
  EXPECT_TRUE(Secret() == Secret());
  const Secret moved = std::move(a);
  EXPECT_TRUE(moved == b);
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(moved.clone() == b);
}

// The flags of the mapping that holds `address`: "lo" locked, "dd" not in core files, "wf" wiped
// on fork.
std::string flags_of(const void* address) {
  std::ifstream maps("/proc/self/smaps");
  std::string line;
  bool inside = false;
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  while (std::getline(maps, line)) {
    std::istringstream words(line);
    std::uintptr_t from = 0, to = 0;
    char dash = 0;
    if (words >> std::hex >> from >> dash >> to && dash == '-') {
      inside = from <= wanted && wanted < to;
    }
    if (inside && line.starts_with("VmFlags:")) return line + ' ';
  }
  return "";
}

TEST(SecretTest, S03_lies_in_pages_that_are_locked_and_in_no_core_file) {
  std::string text = "a master key";
  const Secret secret = Secret::from_text(text);
  const std::string flags = flags_of(secret.bytes().data());
  ASSERT_FALSE(flags.empty());
  EXPECT_NE(flags.find(" dd "), std::string::npos) << flags;
  EXPECT_EQ(flags.find(" lo ") != std::string::npos, secret.locked()) << flags;
}

TEST(SecretTest, S25_a_forked_child_does_not_have_it) {
  std::string text = "a master key";
  const Secret secret = Secret::from_text(text);
  const pid_t child = ::fork();
  if (child == 0) ::_exit(secret.text() == std::string(12, '\0') ? 0 : 1);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(secret.text(), "a master key");
}

}  // namespace
}  // namespace cad
