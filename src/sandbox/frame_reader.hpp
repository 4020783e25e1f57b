// SPDX-License-Identifier: Apache-2.0
// Reads frames from a worker that is taken to be hostile: every length, order, kind and string is
// checked; what it says can only fail its own job.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "base/parts.hpp"
#include "base/result.hpp"
#include "sandbox/protocol.hpp"

namespace cad::sandbox {

struct DoneNote {
  std::string format, version;
  std::uint64_t entities = 0;
  std::uint32_t sheets = 0;
  bool truncated = false;
};

class FrameReader {
 public:
  enum class Fault : std::uint8_t { none, broke_protocol, too_much_output, sink_failed };
  using Progress = std::function<void(std::string_view phase, int percent)>;

  // `parts` may be null: parts are then checked and dropped.
  FrameReader(PartSink* parts, Progress progress, std::uint64_t max_output_bytes)
      : parts_(parts), progress_(std::move(progress)), output_left_(max_output_bytes) {}

  // Takes the next bytes, cut anywhere. A fault is final.
  Fault feed(std::span<const std::byte> bytes);

  // Between frames: the stream may end here.
  bool at_boundary() const { return header_got_ == 0; }
  // The last frame, once it is there.
  const std::optional<DoneNote>& done() const { return done_; }
  const std::optional<Error>& rejection() const { return rejection_; }
  // Of the sink, after sink_failed.
  const Error& sink_error() const { return sink_error_; }
  // What rule was broken, for the log.
  const char* broken_rule() const { return broken_rule_; }

 private:
  Fault start_frame();
  Fault start_part();
  Fault take_part(std::span<const std::byte> payload);
  Fault finish_note();
  Fault finish_progress();
  Fault finish_done();
  Fault finish_error();
  Fault broken(const char* rule);

  PartSink* parts_;
  Progress progress_;
  std::uint64_t output_left_;
  Fault fault_ = Fault::none;
  const char* broken_rule_ = "";

  FrameHeader header_;
  std::size_t header_got_ = 0;  // bytes of the header read; all of them: in the payload
  std::uint32_t payload_left_ = 0;
  std::string note_;  // payload of a frame that is no part
  std::set<std::uint64_t> seen_parts_;
  int last_percent_ = -1;
  std::optional<DoneNote> done_;
  std::optional<Error> rejection_;
  Error sink_error_;
};

}  // namespace cad::sandbox
