// SPDX-License-Identifier: Apache-2.0
#include "worker/channel.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/huge_pages.hpp"
#include "sandbox/plain_text.hpp"

namespace cad::worker {
namespace {

using sandbox::FrameHeader;
using sandbox::FrameKind;

void read_exactly(void* into, std::size_t size) {
  char* at = static_cast<char*>(into);
  while (size > 0) {
    const ssize_t got = ::read(0, at, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) _exit(sandbox::kExitBadRequest);
    at += got;
    size -= static_cast<std::size_t>(got);
  }
}

void write_all(const void* from, std::size_t size) {
  const char* at = static_cast<const char*>(from);
  while (size > 0) {
    const ssize_t put = ::write(1, at, size);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) _exit(sandbox::kExitBadRequest);
    at += put;
    size -= static_cast<std::size_t>(put);
  }
}

void write_frame(FrameHeader header, std::string_view payload) {
  header.length = static_cast<std::uint32_t>(payload.size());
  std::string frame(sizeof header, '\0');
  std::memcpy(frame.data(), &header, sizeof header);
  frame += payload;
  write_all(frame.data(), frame.size());
}

// UTF-8 of at most `size` bytes, whatever bytes of the drawing got into `text`.
std::string fit(std::string_view text, std::size_t size) {
  if (!sandbox::is_utf8(text)) return sandbox::printable_ascii(text.substr(0, size));
  if (text.size() > size) {
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  }
  return std::string(text.substr(0, size));
}

}  // namespace

Request read_request() {
  sandbox::RequestHeader header;
  read_exactly(&header, sizeof header);
  if (header.magic != sandbox::kRequestMagic || header.version != sandbox::kProtocolVersion ||
      header.name_bytes > sandbox::kMaxNameBytes) {
    _exit(sandbox::kExitBadRequest);
  }
  Request request;
  request.max_entities = header.max_entities;
  request.image_px = header.image_px;
  request.file_name.resize(header.name_bytes);
  read_exactly(request.file_name.data(), header.name_bytes);
  if (header.file_bytes == 0) return request;

  auto* const drawing = HugePages<std::byte>().allocate(header.file_bytes);
  read_exactly(drawing, header.file_bytes);
  request.drawing = {drawing, header.file_bytes};
  return request;
}

FrameWriter::FrameWriter() {
  pending_.reserve(kPendingBytes);
  pending_.resize(sizeof(FrameHeader));
}

Result<void> FrameWriter::write(PartKind kind, std::uint32_t number,
                                std::span<const std::byte> bytes) {
  if (kind != kind_ || number != number_) {
    flush();
    kind_ = kind;
    number_ = number;
  }
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min(bytes.size(), kPendingBytes - pending_.size()));
    pending_.insert(pending_.end(), piece.begin(), piece.end());
    bytes = bytes.subspan(piece.size());
    if (pending_.size() == kPendingBytes) flush();
  }
  return {};
}

void FrameWriter::flush() {
  FrameHeader header;
  if (pending_.size() == sizeof header) return;
  header.kind = FrameKind::part;
  header.part = static_cast<std::uint16_t>(kind_);
  header.number = number_;
  header.length = static_cast<std::uint32_t>(pending_.size() - sizeof header);
  std::memcpy(pending_.data(), &header, sizeof header);
  write_all(pending_.data(), pending_.size());
  pending_.resize(sizeof header);
}

void FrameWriter::progress(std::string_view phase, int percent) {
  FrameHeader header;
  header.kind = FrameKind::progress;
  header.number = static_cast<std::uint32_t>(std::clamp(percent, 0, 100));
  write_frame(header, fit(phase, sandbox::kMaxPhaseBytes));
}

void FrameWriter::done(const sandbox::DoneHeader& facts, std::string_view format,
                       std::string_view version) {
  flush();
  const std::string format_text = fit(format, 255);
  const std::string version_text = fit(version, 255);
  sandbox::DoneHeader done = facts;
  done.format_bytes = static_cast<std::uint8_t>(format_text.size());
  done.version_bytes = static_cast<std::uint8_t>(version_text.size());
  std::string payload(sizeof done, '\0');
  std::memcpy(payload.data(), &done, sizeof done);
  payload += format_text;
  payload += version_text;
  FrameHeader header;
  header.kind = FrameKind::done;
  write_frame(header, payload);
}

void FrameWriter::error(const Error& error) {
  flush();
  FrameHeader header;
  header.kind = FrameKind::error;
  header.number = static_cast<std::uint32_t>(error.code);
  write_frame(header, fit(error.message, sandbox::kMaxNoteBytes));
}

}  // namespace cad::worker
