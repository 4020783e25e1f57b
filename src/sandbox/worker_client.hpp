// SPDX-License-Identifier: Apache-2.0
// Parent side of one isolated parse: starts a worker (zygote.hpp), feeds it the request and
// the drawing over a pipe, reads frames back, enforces the wall clock, and says why a child died.
// Wire format: docs/worker-protocol.md.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/parts.hpp"
#include "base/result.hpp"
#include "sandbox/protocol.hpp"
#include "sandbox/spawn.hpp"

namespace cad::sandbox {

struct WorkerLimits {
  std::uint64_t memory_bytes = 2ull << 30;  // address space (RLIMIT_AS)
  std::chrono::seconds cpu{120};
  std::chrono::milliseconds wall{180'000};  // without what the store is waited for
  std::uint64_t output_bytes = 8ull << 30;  // all frames together
};

struct WorkerRequest {
  std::string file_name;
  std::uint64_t file_size = 0;
  std::uint32_t image_px = 2048;  // 0: no previews
  std::uint64_t max_entities = 1'000'000;
  WorkerLimits limits;
};

// Pulls the drawing's bytes: fills the buffer, returns the count, 0 at the end.
using ByteSource = std::function<Result<std::size_t>(std::span<std::byte>)>;

enum class WorkerEnd : std::uint8_t {
  completed,
  rejected,  // the worker said why (an Error of the reader): the drawing is at fault
  crashed,   // a signal that was not ours, or a seccomp violation
  out_of_memory,
  cpu_limit,
  wall_limit,
  output_limit,
  cancelled,        // through the flag
  failed_to_start,  // our side: no worker, or drawing or parts could not be read or stored; try
                    // again
};
std::string_view to_string(WorkerEnd end);

struct WorkerReport {
  WorkerEnd end = WorkerEnd::failed_to_start;
  std::optional<Error> error;   // for everything but completed: code + sentence for the user
  std::string format, version;  // when completed
  std::uint64_t entities = 0;
  std::uint32_t sheets = 0;
  bool truncated = false;
  int signal = 0;
  std::chrono::milliseconds wall{0}, cpu{0};
  std::uint64_t peak_memory_bytes = 0;  // 0: unknown
  std::string log;  // what the worker wrote to stderr, printable, at most 4 KiB: for operators only
};

struct WorkerCallbacks {
  PartSink* parts = nullptr;
  std::function<void(std::string_view phase, int percent)> progress;
};

// Blocking; call it on a worker thread, from as many at once as you like. `cancel` may be set from
// elsewhere: it is looked at every 50 ms. No process and no descriptor outlives the call.
WorkerReport run_worker(const std::string& worker_path, const WorkerRequest& request,
                        const ByteSource& drawing, const WorkerCallbacks& callbacks,
                        const std::atomic<bool>& cancel);

// Its two halves, for workers that are started ahead (spares.hpp). `start`: the wall clock's.
// `image_px`: of the pictures that the worker makes itself ready for.
StartRequest start_request(const WorkerLimits& limits, std::uint32_t image_px = 0);
WorkerReport run_child(Result<Child> child, std::chrono::steady_clock::time_point start,
                       const WorkerRequest& request, const ByteSource& drawing,
                       const WorkerCallbacks& callbacks, const std::atomic<bool>& cancel);

// The worker that lies beside the running executable.
std::string default_worker_path();

}  // namespace cad::sandbox
