// SPDX-License-Identifier: Apache-2.0
// The child's end of the two pipes: reading the request, writing frames. What goes wrong here ends
// the process: there is nobody left to tell.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/parts.hpp"
#include "sandbox/protocol.hpp"

namespace cad::worker {

struct Request {
  std::string file_name;
  std::uint64_t max_entities = 0;
  std::uint32_t image_px = 0;
  std::span<const std::byte> drawing;  // lives as long as the process
};

// Reads all of descriptor 0.
Request read_request();

// Parts become frames on descriptor 1, gathered up to 128 KiB: each is a system call here and wakes
// a thread there, and each page of memory is a fault.
class FrameWriter : public PartSink {
 public:
  FrameWriter();

  Result<void> write(PartKind kind, std::uint32_t number,
                     std::span<const std::byte> bytes) override;
  void progress(std::string_view phase, int percent);
  // The last frame of all: one of these two.
  void done(const sandbox::DoneHeader& header, std::string_view format, std::string_view version);
  void error(const Error& error);

 private:
  static constexpr std::size_t kPendingBytes = 128 << 10;  // with the header
  void flush();

  PartKind kind_ = PartKind::result;
  std::uint32_t number_ = 0;
  std::vector<std::byte> pending_;  // the header's place, then what it is for
};

}  // namespace cad::worker
