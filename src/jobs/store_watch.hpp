// SPDX-License-Identifier: Apache-2.0
// Whether the object store can be worked with, as this node's runners have met it. While it is away
// they take no jobs, and one of them at a time looks whether it is back.
#pragma once

#include <chrono>
#include <mutex>
#include <string_view>

#include "blobs/blob_store.hpp"
#include "logging/outage.hpp"

namespace cad::jobs {

// Where its probes lie. One that a node left when it died goes with the orphans.
inline constexpr std::string_view kProbes = "probe/";

class StoreWatch {
 public:
  // `pause`: before the first look, doubled before each further one.
  StoreWatch(blobs::BlobStore& blobs, spdlog::logger& log, std::chrono::milliseconds pause);

  // Is there any use in beginning a job now? Asks the store itself, when it is away and the time
  // for a look has come. Any thread.
  bool is_there();
  // What an attempt met.
  void went_away(const Error& why);
  void worked();

 private:
  using Clock = std::chrono::steady_clock;
  Result<void> try_out();

  blobs::BlobStore& blobs_;
  logging::Outage outage_;
  const std::chrono::milliseconds first_pause_;
  const blobs::Key probe_;
  std::mutex mutex_;
  bool asking_ = false;
  std::chrono::milliseconds pause_;
  Clock::time_point ask_at_{};
};

}  // namespace cad::jobs
