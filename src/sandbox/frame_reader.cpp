// SPDX-License-Identifier: Apache-2.0
#include "sandbox/frame_reader.hpp"

#include <algorithm>
#include <cstring>

#include "sandbox/plain_text.hpp"

namespace cad::sandbox {
namespace {

bool is_part_kind(std::uint16_t kind) {
  return kind >= static_cast<std::uint16_t>(PartKind::result) &&
         kind <= static_cast<std::uint16_t>(PartKind::thumbnail);
}

bool is_per_sheet(std::uint16_t kind) {
  return kind == static_cast<std::uint16_t>(PartKind::png) ||
         kind == static_cast<std::uint16_t>(PartKind::scene);
}

// What a reader of drawings may answer; anything else is our own defect.
ErrorCode believable(std::uint32_t code) {
  for (ErrorCode known :
       {ErrorCode::not_a_drawing, ErrorCode::unsupported_format, ErrorCode::unsupported_version,
        ErrorCode::encrypted_drawing, ErrorCode::damaged_drawing, ErrorCode::limit_exceeded,
        ErrorCode::invalid_argument}) {
    if (code == static_cast<std::uint32_t>(known)) return known;
  }
  return ErrorCode::internal;
}

}  // namespace

FrameReader::Fault FrameReader::broken(const char* rule) {
  broken_rule_ = rule;
  return fault_ = Fault::broke_protocol;
}

FrameReader::Fault FrameReader::feed(std::span<const std::byte> bytes) {
  while (fault_ == Fault::none && !bytes.empty()) {
    if (done_ || rejection_) return broken("bytes after the last frame");
    if (bytes.size() > output_left_) return fault_ = Fault::too_much_output;

    std::size_t taken = 0;
    if (header_got_ < sizeof header_) {
      taken = std::min(bytes.size(), sizeof header_ - header_got_);
      std::memcpy(reinterpret_cast<char*>(&header_) + header_got_, bytes.data(), taken);
      header_got_ += taken;
      if (header_got_ == sizeof header_) start_frame();
    } else {
      taken = std::min<std::size_t>(bytes.size(), payload_left_);
      payload_left_ -= static_cast<std::uint32_t>(taken);
      if (header_.kind == FrameKind::part) {
        take_part(bytes.first(taken));
      } else {
        note_.append(reinterpret_cast<const char*>(bytes.data()), taken);
      }
    }
    output_left_ -= taken;
    bytes = bytes.subspan(taken);

    const bool frame_ends = header_got_ == sizeof header_ && payload_left_ == 0;
    if (fault_ == Fault::none && frame_ends) {
      header_got_ = 0;
      if (header_.kind != FrameKind::part) finish_note();
    }
  }
  return fault_;
}

FrameReader::Fault FrameReader::start_frame() {
  if (header_.magic != kFrameMagic) return broken("no frame where one was due");
  payload_left_ = header_.length;
  note_.clear();
  switch (header_.kind) {
    case FrameKind::part: return start_part();
    case FrameKind::progress:
    case FrameKind::done:
    case FrameKind::error:
      if (header_.length > kMaxNoteBytes) return broken("an oversized frame");
      if (header_.part != 0) return broken("a part kind on a frame that is no part");
      return Fault::none;
  }
  return broken("an unknown kind of frame");
}

FrameReader::Fault FrameReader::start_part() {
  if (!is_part_kind(header_.part)) return broken("an unknown kind of part");
  if (header_.length == 0 || header_.length > kMaxPartFrameBytes) {
    return broken("a part frame of no length or too great a length");
  }
  if (!is_per_sheet(header_.part) && header_.number != 0) {
    return broken("a number on a part that is only once");
  }
  seen_parts_.insert(std::uint64_t{header_.part} << 32 | header_.number);
  if (seen_parts_.size() > kMaxParts) return broken("too many parts");
  return Fault::none;
}

FrameReader::Fault FrameReader::take_part(std::span<const std::byte> payload) {
  if (parts_ == nullptr) return Fault::none;
  auto written = parts_->write(static_cast<PartKind>(header_.part), header_.number, payload);
  if (written) return Fault::none;
  sink_error_ = written.error();
  return fault_ = Fault::sink_failed;
}

FrameReader::Fault FrameReader::finish_note() {
  if (!is_utf8(note_) && header_.kind != FrameKind::done) return broken("text that is not UTF-8");
  switch (header_.kind) {
    case FrameKind::progress: return finish_progress();
    case FrameKind::done: return finish_done();
    case FrameKind::error: return finish_error();
    case FrameKind::part: break;
  }
  return Fault::none;
}

FrameReader::Fault FrameReader::finish_progress() {
  if (header_.number > 100) return broken("more than 100 percent");
  if (note_.size() > kMaxPhaseBytes) return broken("an oversized phase");
  // Never backwards, and at most once for each percent, however often it speaks.
  const int percent = static_cast<int>(header_.number);
  if (percent <= last_percent_) return Fault::none;
  last_percent_ = percent;
  if (progress_) progress_(plain_line(note_), percent);
  return Fault::none;
}

FrameReader::Fault FrameReader::finish_done() {
  DoneHeader done;
  if (note_.size() < sizeof done) return broken("a last frame that is too short");
  std::memcpy(&done, note_.data(), sizeof done);
  if (note_.size() != sizeof done + done.format_bytes + done.version_bytes) {
    return broken("a last frame of a wrong length");
  }
  DoneNote note;
  note.format = note_.substr(sizeof done, done.format_bytes);
  note.version = note_.substr(sizeof done + done.format_bytes);
  if (!is_utf8(note.format) || !is_utf8(note.version)) return broken("text that is not UTF-8");
  if (done.truncated > 1) return broken("a flag that is neither 0 nor 1");
  if (!seen_parts_.contains(std::uint64_t{static_cast<std::uint16_t>(PartKind::result)} << 32)) {
    return broken("done without a result");
  }
  note.format = plain_line(note.format);
  note.version = plain_line(note.version);
  note.entities = done.entities;
  note.sheets = done.sheets;
  note.truncated = done.truncated != 0;
  done_ = std::move(note);
  return Fault::none;
}

FrameReader::Fault FrameReader::finish_error() {
  std::string message = plain_line(note_);
  if (message.empty()) message = "The drawing could not be read.";
  rejection_ = Error{believable(header_.number), std::move(message)};
  return Fault::none;
}

}  // namespace cad::sandbox
