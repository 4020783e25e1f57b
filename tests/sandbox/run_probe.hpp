// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <thread>

#include "sandbox/worker_client.hpp"
#include "test_paths.hpp"

namespace cad::sandbox {

struct Collector : PartSink {
  Result<void> write(PartKind kind, std::uint32_t number,
                     std::span<const std::byte> bytes) override {
    if (refuse) return fail(ErrorCode::io, "The storage is full.");
    std::this_thread::sleep_for(pause);
    parts[{kind, number}].append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  std::string result() { return parts[{PartKind::result, 0}]; }

  std::map<std::pair<PartKind, std::uint32_t>, std::string> parts;
  bool refuse = false;
  std::chrono::milliseconds pause{0};  // of each write
};

inline ByteSource source_of(const std::string& text) {
  return [&text, at = std::size_t{0}](std::span<std::byte> into) mutable -> Result<std::size_t> {
    const std::size_t size = std::min(into.size(), text.size() - at);
    std::copy_n(std::as_bytes(std::span(text)).begin() + static_cast<std::ptrdiff_t>(at), size,
                into.begin());
    at += size;
    return size;
  };
}

struct ProbeRun {
  WorkerReport report;
  Collector parts;
};

struct ProbeCall {
  std::string act;  // what the probe does, see probe_acts.cpp
  std::string drawing = "a drawing";
  WorkerLimits limits{256ull << 20, std::chrono::seconds(10), std::chrono::milliseconds(60'000),
                      64ull << 20};
  std::string program = "sandbox_probe";
};

inline ProbeRun run_probe(const ProbeCall& call) {
  static const std::atomic<bool> never = false;
  ProbeRun run;
  WorkerRequest request;
  request.file_name = call.act;
  request.file_size = call.drawing.size();
  request.limits = call.limits;
  WorkerCallbacks callbacks{&run.parts, nullptr};
  run.report = run_worker(cad::test_paths::binary_dir + "/" + call.program, request,
                          source_of(call.drawing), callbacks, never);
  return run;
}

inline std::string checksum(const std::string& drawing) {
  std::uint64_t sum = 0;
  for (char c : drawing) sum = sum * 31 + static_cast<unsigned char>(c);
  return std::to_string(sum);
}

}  // namespace cad::sandbox
