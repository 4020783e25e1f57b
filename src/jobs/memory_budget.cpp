// SPDX-License-Identifier: Apache-2.0
#include "jobs/memory_budget.hpp"

#include <algorithm>

namespace cad::jobs {

// Generous against what was measured (docs/queue.md): a worker with a preview of one sheet, and a
// multiple of the file.
std::uint64_t memory_estimate(std::string_view format, std::uint64_t file_bytes,
                              std::uint64_t most) {
  constexpr std::uint64_t kWorker = 48u << 20;
  const std::uint64_t times = format == "DWG" ? 24 : 8;
  if (file_bytes > most / times) return most;
  return std::min(most, kWorker + file_bytes * times);
}

std::shared_ptr<void> MemoryBudget::reserve(std::uint64_t bytes,
                                            const std::function<bool()>& stop) {
  constexpr std::chrono::milliseconds kLook{50};
  std::unique_lock lock(mutex_);
  const std::uint64_t ticket = next_ticket_++;
  waiting_.insert(ticket);
  const auto may = [&] {
    const bool fits = bytes_ == 0 || reserved_ == 0 || reserved_ + bytes <= bytes_;
    return fits && *waiting_.begin() == ticket;
  };
  bool granted = false;
  while (!(granted = may()) && !stop()) freed_.wait_for(lock, kLook);
  waiting_.erase(ticket);
  freed_.notify_all();  // the next one may fit, too
  if (!granted) return nullptr;
  reserved_ += bytes;
  return std::shared_ptr<void>(this, [bytes](void* budget) {
    auto* self = static_cast<MemoryBudget*>(budget);
    {
      const std::lock_guard guard(self->mutex_);
      self->reserved_ -= bytes;
    }
    self->freed_.notify_all();
  });
}

}  // namespace cad::jobs
