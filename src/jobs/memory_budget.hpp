// SPDX-License-Identifier: Apache-2.0
// The memory that a node's workers may take together. Each reserves what a drawing of its format
// and size is likely to need; the sandbox's limit bounds what it can take in truth.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string_view>

namespace cad::jobs {

// At most `most`, the limit of one job.
std::uint64_t memory_estimate(std::string_view format, std::uint64_t file_bytes,
                              std::uint64_t most);

class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t bytes) : bytes_(bytes) {}  // 0: no bound

  // Waits until there is room, or nobody else has any: one job may always run. First come, first
  // served: a large job is not passed by for ever by small ones. Returned when the handle goes.
  // Null: `stop` said so before there was room.
  std::shared_ptr<void> reserve(std::uint64_t bytes, const std::function<bool()>& stop);

 private:
  const std::uint64_t bytes_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::uint64_t reserved_ = 0;
  std::uint64_t next_ticket_ = 0;
  std::set<std::uint64_t> waiting_;  // tickets; the lowest is served next
};

}  // namespace cad::jobs
