// SPDX-License-Identifier: Apache-2.0
// Whether the object store can be worked with, as this node's runners have met it. While it is away
// they take no jobs, and one of them at a time looks whether it is back.
#pragma once

#include <chrono>
#include <mutex>

#include "blobs/blob_store.hpp"

namespace spdlog {
class logger;
}

namespace cad::jobs {

class StoreWatch {
 public:
  // `pause`: before the first look, doubled before each further one.
  StoreWatch(blobs::BlobStore& blobs, spdlog::logger& log, std::chrono::milliseconds pause);

  // Is there any use in beginning a job now? Asks the store itself, when it is away and the time
  // for a look has come. Any thread.
  bool is_there();
  // What an attempt met. Said in the log once for each outage.
  void went_away(const Error& why);
  void worked();

 private:
  using Clock = std::chrono::steady_clock;
  Result<void> try_out();

  blobs::BlobStore& blobs_;
  spdlog::logger& log_;
  const std::chrono::milliseconds first_pause_;
  const blobs::Key probe_;
  std::mutex mutex_;
  bool away_ = false, asking_ = false;
  std::chrono::milliseconds pause_;
  Clock::time_point ask_at_{};
};

}  // namespace cad::jobs
