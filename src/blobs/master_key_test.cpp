// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "blobs/blob_store.hpp"
#include "crypto/bytes.hpp"

namespace cad::blobs {
namespace {

namespace fs = std::filesystem;

class MasterKeyLoading : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "key_test_XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
    clear();
  }
  void TearDown() override {
    clear();
    fs::remove_all(dir_);
  }
  static void clear() {
    unsetenv("CADLENS_MASTER_KEY");
    unsetenv("CADLENS_MASTER_KEY_FILE");
  }
  std::string dir_;
};

const std::string kHex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

TEST_F(MasterKeyLoading, S25_from_the_environment_leaves_no_file) {
  setenv("CADLENS_MASTER_KEY", kHex.c_str(), 1);
  const MasterKey key = load_master_key(dir_).value();
  EXPECT_EQ(crypto::to_hex(crypto::as_bytes(key.bytes)), kHex);
  EXPECT_TRUE(fs::is_empty(dir_));
}

TEST_F(MasterKeyLoading, S25_from_a_secret_file) {
  const std::string path = dir_ + "/secret";
  std::ofstream(path) << kHex << "\n";
  setenv("CADLENS_MASTER_KEY_FILE", path.c_str(), 1);
  EXPECT_EQ(crypto::to_hex(crypto::as_bytes(load_master_key(dir_).value().bytes)), kHex);
  setenv("CADLENS_MASTER_KEY_FILE", (dir_ + "/none").c_str(), 1);
  EXPECT_FALSE(load_master_key(dir_));  // never falls back to another key
}

TEST_F(MasterKeyLoading, a_bad_key_is_refused_without_repeating_it) {
  for (const std::string& bad : {kHex.substr(1), kHex + "00", "x" + kHex.substr(1)}) {
    setenv("CADLENS_MASTER_KEY", bad.c_str(), 1);
    auto key = load_master_key(dir_);
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().message.find("0405060708"), std::string::npos);
    EXPECT_NE(key.error().message.find("CADLENS_MASTER_KEY"), std::string::npos);
  }
}

TEST_F(MasterKeyLoading, S03_is_generated_once_and_private) {
  const std::string data = dir_ + "/data";
  const MasterKey first = load_master_key(data).value();
  EXPECT_EQ(load_master_key(data).value().bytes, first.bytes);
  struct stat status {};
  ASSERT_EQ(stat((data + "/master.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_NE(load_master_key(dir_ + "/other").value().bytes, first.bytes);
}

TEST_F(MasterKeyLoading, a_generated_key_that_others_can_read_is_refused) {
  ASSERT_TRUE(load_master_key(dir_));
  ASSERT_EQ(chmod((dir_ + "/master.key").c_str(), 0640), 0);
  EXPECT_FALSE(load_master_key(dir_));
}

TEST_F(MasterKeyLoading, two_starts_at_once_agree) {
  for (int round = 0; round < 10; ++round) {
    const std::string data = dir_ + "/" + std::to_string(round);
    std::array<MasterKey, 4> keys;
    {
      std::vector<std::jthread> threads;
      for (MasterKey& key : keys)
        threads.emplace_back([&] { key = load_master_key(data).value(); });
    }
    for (const MasterKey& key : keys) EXPECT_EQ(key.bytes, keys[0].bytes);
    EXPECT_EQ(std::distance(fs::directory_iterator(data), {}), 1);
  }
}

}  // namespace
}  // namespace cad::blobs
