// SPDX-License-Identifier: Apache-2.0
#include "jobs/store_watch.hpp"

#include <algorithm>

#include "crypto/bytes.hpp"

namespace cad::jobs {
namespace {

constexpr std::chrono::milliseconds kMostPause{30'000};

}  // namespace

StoreWatch::StoreWatch(blobs::BlobStore& blobs, spdlog::logger& log,
                       std::chrono::milliseconds pause)
    : blobs_(blobs),
      outage_(&log, "job_store"),
      first_pause_(pause),
      probe_(std::string(kProbes) + crypto::random_hex(16)),
      pause_(pause) {}

bool StoreWatch::is_there() {
  {
    const std::lock_guard lock(mutex_);
    if (!outage_.is_away()) return true;
    if (asking_ || Clock::now() < ask_at_) return false;
    asking_ = true;
  }
  const auto tried = try_out();
  const std::lock_guard lock(mutex_);
  asking_ = false;
  // Until an attempt has worked the pauses grow: a full disk takes a probe, but no result.
  pause_ = std::min(pause_ * 2, kMostPause);
  ask_at_ = Clock::now() + pause_;
  if (tried) outage_.is_back();
  return tried.has_value();
}

void StoreWatch::went_away(const Error& why) {
  const std::lock_guard lock(mutex_);
  if (outage_.is_away()) return;
  ask_at_ = Clock::now() + pause_;
  outage_.went_away(why.message);
}

void StoreWatch::worked() {
  const std::lock_guard lock(mutex_);
  pause_ = first_pause_;
}

// As a job uses it: what can be read may not be written.
Result<void> StoreWatch::try_out() {
  constexpr std::string_view kText = "Is the store back?";
  CAD_ASSIGN(const auto writer, blobs_.create(probe_));
  CAD_TRY(writer->write(crypto::as_bytes(kText)));
  CAD_TRY(writer->commit());
  const auto reader = blobs_.open(probe_);
  CAD_TRY(blobs_.remove(probe_));
  if (!reader) return tl::unexpected(reader.error());
  return {};
}

}  // namespace cad::jobs
