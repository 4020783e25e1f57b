// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "crypto/bytes.hpp"
#include "secrets/environment.hpp"
#include "secrets/key_ring.hpp"

namespace cad::secrets {
namespace {

namespace fs = std::filesystem;

static_assert(!fmt::is_formattable<Secret>::value, "no log line can hold a secret");
static_assert(!fmt::is_formattable<RingKey>::value);

const std::string kHex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const std::string kOther = "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

std::string hex(const RingKey& key) { return crypto::to_hex(key.bytes()); }

Secret secret(std::string text) { return Secret::from_text(text); }

class Secrets : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "secrets_test_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
    clear();
  }
  void TearDown() override {
    clear();
    fs::remove_all(dir_);
  }
  static void clear() {
    ::unsetenv("CADLENS_TEST_KEY");
    ::unsetenv("CADLENS_TEST_KEY_FILE");
  }
  std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) const {
    const std::string path = dir_ + "/" + name;
    std::ofstream(path, std::ios::trunc) << text;
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return path;
  }
  KeyPlace place() const { return {"CADLENS_TEST_KEY", dir_ + "/own.key", "test", "The test key"}; }
  std::string dir_;
};

TEST_F(Secrets, S25_a_secret_comes_from_its_variable_once) {
  ::setenv("CADLENS_TEST_KEY", "  s3cret\n", 1);
  // The very bytes that /proc/<pid>/environ would show, had they been there at the start.
  const char* at = std::getenv("CADLENS_TEST_KEY");
  EXPECT_EQ(secret_from_environment("CADLENS_TEST_KEY").value()->text(), "  s3cret");
  EXPECT_EQ(std::getenv("CADLENS_TEST_KEY"), nullptr);
  EXPECT_EQ(*at, '\0');
  EXPECT_FALSE(secret_from_environment("CADLENS_TEST_KEY").value());
}

TEST_F(Secrets, S25_a_secret_comes_from_the_file_that_its_variable_names) {
  ::setenv("CADLENS_TEST_KEY_FILE", write("f", "from a file\r\n").c_str(), 1);
  EXPECT_EQ(secret_from_environment("CADLENS_TEST_KEY").value()->text(), "from a file");
  ::setenv("CADLENS_TEST_KEY_FILE", write("g", "group may read", 0640).c_str(), 1);
  EXPECT_TRUE(secret_from_environment("CADLENS_TEST_KEY"));
}

TEST_F(Secrets, S25_what_makes_no_sense_is_refused_without_repeating_it) {
  const struct {
    const char* what;
    std::string text, file;
    std::string says;
  } cases[] = {
      {"both", "marker", write("a", "marker"), "both set"},
      {"open to everybody", "", write("b", "marker", 0644), "can be read by others"},
      {"missing", "", dir_ + "/none", "cannot be read"},
      {"empty", "", write("c", "\n"), "is empty"},
      {"endless", "", write("d", std::string(70'000, 'm')), "too long"},
  };
  for (const auto& one : cases) {
    clear();
    if (!one.text.empty()) ::setenv("CADLENS_TEST_KEY", one.text.c_str(), 1);
    ::setenv("CADLENS_TEST_KEY_FILE", one.file.c_str(), 1);
    const auto got = secret_from_environment("CADLENS_TEST_KEY");
    ASSERT_FALSE(got) << one.what;
    EXPECT_NE(got.error().message.find(one.says), std::string::npos) << got.error().message;
    EXPECT_EQ(got.error().message.find("marker"), std::string::npos) << got.error().message;
  }
}

TEST_F(Secrets, S25_what_nobody_took_is_wiped_too) {
  ::setenv("CADLENS_OTHER_KEY", "x", 1);
  ::setenv("CADLENS_SMTP_PASSWORD", "x", 1);
  ::setenv("CADLENS_OTHER_KEY_FILE", "/a/path", 1);
  ::setenv("CADLENS_WORKERS", "2", 1);
  wipe_secrets_in_environment();
  EXPECT_EQ(std::getenv("CADLENS_OTHER_KEY"), nullptr);
  EXPECT_EQ(std::getenv("CADLENS_SMTP_PASSWORD"), nullptr);
  EXPECT_STREQ(std::getenv("CADLENS_OTHER_KEY_FILE"), "/a/path");
  EXPECT_STREQ(std::getenv("CADLENS_WORKERS"), "2");
  ::unsetenv("CADLENS_OTHER_KEY_FILE");
  ::unsetenv("CADLENS_WORKERS");
}

TEST_F(Secrets, S03_a_hardened_process_cannot_leave_a_core_file) {
  const pid_t child = ::fork();
  if (child == 0) {
    harden_process();
    rlimit core{};
    ::getrlimit(RLIMIT_CORE, &core);
    const bool good =
        core.rlim_cur == 0 && core.rlim_max == 0 && ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
    ::_exit(good ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(Secrets, a_ring_is_read_and_written) {
  const auto ring =
      KeyRing::parse(secret(kHex + ",\n " + kOther + "@77 " + kHex), "l", "X").value();
  ASSERT_EQ(ring.keys().size(), 2u) << "one key twice is one key";
  EXPECT_EQ(hex(ring.current()), kHex);
  EXPECT_EQ(ring.keys()[1].retired_at, 77);
  EXPECT_EQ(ring.find(crypto::as_bytes(ring.keys()[1].id)), &ring.keys()[1]);
  EXPECT_EQ(ring.to_text().text(), kHex + "\n" + kOther + "@77\n");
  EXPECT_EQ(ring.current_only().to_text().text(), kHex + "\n");
  EXPECT_EQ(ring.without_retired(78).keys().size(), 1u);
  EXPECT_EQ(ring.without_retired(77).keys().size(), 2u);
  EXPECT_NE(make_ring_key(ring.current().bytes(), "other use").id, ring.current().id);
}

TEST_F(Secrets, a_rotated_ring_has_a_fresh_key_in_front) {
  const auto ring = KeyRing::parse(secret(kHex), "l", "X").value();
  const auto next = ring.rotated("l", 5);
  ASSERT_EQ(next.keys().size(), 2u);
  EXPECT_NE(hex(next.current()), kHex);
  EXPECT_NE(hex(next.current()), hex(ring.rotated("l", 5).current()));
  EXPECT_EQ(hex(next.keys()[1]), kHex);
  EXPECT_EQ(next.keys()[1].retired_at, 5);
}

TEST_F(Secrets, S25_a_bad_ring_is_refused_without_repeating_it) {
  for (const std::string& bad : {kHex.substr(1), kHex + "00", "x" + kHex.substr(1), kHex + " 00",
                                 kHex + "@", kHex + "@x", std::string(), std::string(" , ")}) {
    const auto ring = KeyRing::parse(secret(bad), "l", "CADLENS_X");
    ASSERT_FALSE(ring) << bad;
    EXPECT_EQ(ring.error().message.find("0405060708"), std::string::npos);
    EXPECT_NE(ring.error().message.find("CADLENS_X"), std::string::npos);
  }
}

TEST_F(Secrets, S25_from_the_environment_leaves_no_file) {
  ::setenv("CADLENS_TEST_KEY", kHex.c_str(), 1);
  const auto source = KeySource::open(place(), Missing::make).value();
  EXPECT_EQ(hex(source->now()->current()), kHex);
  EXPECT_TRUE(source->file().empty());
  EXPECT_TRUE(fs::is_empty(dir_));
}

TEST_F(Secrets, S25_a_file_of_the_environment_must_be_there) {
  ::setenv("CADLENS_TEST_KEY_FILE", (dir_ + "/none").c_str(), 1);
  EXPECT_FALSE(KeySource::open(place(), Missing::make));  // never falls back to another key
  EXPECT_TRUE(fs::is_empty(dir_));
  ::setenv("CADLENS_TEST_KEY_FILE", write("key", kHex + "\n").c_str(), 1);
  EXPECT_EQ(hex(KeySource::open(place(), Missing::make).value()->now()->current()), kHex);
}

TEST_F(Secrets, S03_the_own_file_is_generated_once_and_private) {
  EXPECT_EQ(KeySource::open(place(), Missing::refuse).error().code, ErrorCode::not_found);
  const std::string first = hex(KeySource::open(place(), Missing::make).value()->now()->current());
  EXPECT_EQ(hex(KeySource::open(place(), Missing::make).value()->now()->current()), first);
  struct stat status {};
  ASSERT_EQ(::stat(place().file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ASSERT_EQ(::chmod(place().file.c_str(), 0640), 0);
  EXPECT_FALSE(KeySource::open(place(), Missing::make)) << "others may have read it";
}

TEST_F(Secrets, two_starts_at_once_agree) {
  for (int round = 0; round < 10; ++round) {
    KeyPlace here = place();
    here.file = dir_ + "/" + std::to_string(round) + "/key";
    std::array<std::string, 4> keys;
    {
      std::vector<std::jthread> threads;
      for (std::string& key : keys)
        threads.emplace_back(
            [&] { key = hex(KeySource::open(here, Missing::make).value()->now()->current()); });
    }
    for (const std::string& key : keys) EXPECT_EQ(key, keys[0]);
    EXPECT_EQ(std::distance(fs::directory_iterator(fs::path(here.file).parent_path()), {}), 1);
  }
}

TEST_F(Secrets, a_running_source_follows_its_file_and_survives_its_loss) {
  const auto source = KeySource::open(place(), Missing::make).value();
  const auto before = source->now();
  EXPECT_EQ(source->now(), before) << "not read again for nothing";
  ASSERT_TRUE(write_key_file(place().file, before->rotated(place().label, std::nullopt)));
  const auto after = source->now();
  EXPECT_EQ(after->keys().size(), 2u);
  EXPECT_EQ(hex(after->keys()[1]), hex(before->current()));
  write("own.key", "half of a k");
  EXPECT_EQ(source->now(), after);
  fs::remove(place().file);
  EXPECT_EQ(source->now(), after);
  ASSERT_TRUE(write_key_file(place().file, after->current_only()));
  EXPECT_EQ(source->now()->keys().size(), 1u);
}

TEST_F(Secrets, a_replaced_key_file_keeps_its_mode) {
  const std::string path = write("key", kHex, 0640);
  ASSERT_TRUE(write_key_file(path, KeyRing::parse(secret(kOther), "l", "X").value()));
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
  EXPECT_EQ(std::distance(fs::directory_iterator(dir_), {}), 1) << "nothing half-written remains";
}

}  // namespace
}  // namespace cad::secrets
