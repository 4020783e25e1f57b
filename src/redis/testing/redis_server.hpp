// SPDX-License-Identifier: Apache-2.0
// A real Redis server for tests (tests/support/servers/redis.py).
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "redis/options.hpp"

namespace cad::redis {

// False: redis-server is not installed. With CI=true that counts as being there: the tests then
// fail, and are not skipped.
bool can_start_redis();

class RedisServer {
 public:
  explicit RedisServer(const std::vector<std::string>& arguments = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  const std::string& url() const { return url_; }
  const std::string& admin_url() const { return admin_url_; }  // of a user who may do anything
  std::shared_ptr<const Options> options() const;
  // "stop", "start", "pause", "continue", "flush": done when it returns.
  void tell(const std::string& word);

 private:
  std::string read_line();
  std::string ask(const std::string& word);

  pid_t pid_ = -1;
  int to_ = -1, from_ = -1;
  std::string url_, admin_url_;
};

// One for all tests of a program; it is up and empty.
RedisServer& fresh_redis();

}  // namespace cad::redis
