// SPDX-License-Identifier: Apache-2.0
// Where workers come from: a process of the worker's program that has loaded everything and read
// nothing copies itself for each of them. A copy is a child of this process, as if started by it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "base/result.hpp"
#include "sandbox/protocol.hpp"
#include "sandbox/spawn.hpp"

namespace cad::sandbox {

class Zygote {
 public:
  // `path`: of the worker's program, looked for at the first start. After `most` workers a new
  // process is made: copies share where their memory lies.
  explicit Zygote(std::string path, int most = 1000);
  // Its workers end too: they go with the thread that they come from (worker/confine.cpp).
  ~Zygote();
  Zygote(const Zygote&) = delete;
  Zygote& operator=(const Zygote&) = delete;

  // Blocking, any thread. Where the process is gone, a new one is tried once. The error's message
  // is for the operator's log.
  Result<Child> start(const StartRequest& request);

 private:
  Result<void> be_there();
  Result<Child> ask(const StartRequest& request);
  void keep();
  void drop();

  const std::string path_;
  const int most_;
  std::mutex turn_;  // of start(); what follows belongs to who has it
  Child process_;
  int started_ = 0;
  bool lost_ = false;  // the process did not answer

  std::mutex mutex_;  // of the thread that starts the process
  std::condition_variable changed_;
  Result<void> spawned_;
  bool wanted_ = false, stopping_ = false;
  std::thread keeper_;
};

}  // namespace cad::sandbox
