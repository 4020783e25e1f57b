// SPDX-License-Identifier: Apache-2.0
// Between a client and PostgreSQL: breaks one connection around its COMMIT.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace cad::store {

class BreakingProxy {
 public:
  enum class Breaks { never, before_commit, after_commit };

  explicit BreakingProxy(const std::string& url);
  ~BreakingProxy();
  BreakingProxy(const BreakingProxy&) = delete;
  BreakingProxy& operator=(const BreakingProxy&) = delete;

  std::string url() const { return url_; }
  void arm(Breaks breaks) {
    broken_ = false;
    breaks_ = breaks;
  }
  bool has_broken() const { return broken_; }

 private:
  void accept_all();
  void carry(int client);
  int connect_to_server() const;

  std::string url_;
  int server_port_ = 0, listener_ = -1;
  std::atomic<Breaks> breaks_ = Breaks::never;
  std::atomic<bool> broken_ = false, stopping_ = false;
  std::thread accepting_;
  std::vector<std::thread> carrying_;
};

}  // namespace cad::store
