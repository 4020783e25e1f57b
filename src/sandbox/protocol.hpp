// SPDX-License-Identifier: Apache-2.0
// What the service and the worker say to each other (docs/worker-protocol.md): one request and the
// drawing one way, frames the other. Both run on one machine: fields have the machine's byte order.
#pragma once

#include <array>
#include <cstdint>

namespace cad::sandbox {

inline constexpr std::uint32_t kProtocolVersion = 3;
inline constexpr std::array<char, 4> kStartMagic{'C', 'L', 'S', 'T'};
inline constexpr std::array<char, 4> kRequestMagic{'C', 'L', 'R', 'Q'};
inline constexpr std::array<char, 4> kFrameMagic{'C', 'L', 'F', 'R'};

// To the zygote, on its descriptor 0 (a SOCK_SEQPACKET socket), together with the three descriptors
// that become 0, 1 and 2 of the new worker. An empty read: no more workers are wanted.
struct StartRequest {
  std::array<char, 4> magic = kStartMagic;
  std::uint32_t version = kProtocolVersion;
  std::uint64_t memory_bytes = 0;
  std::uint64_t cpu_seconds = 0;
  std::uint64_t picture_bytes = 0;  // taken from the system before a job asks for them
  friend bool operator==(const StartRequest&, const StartRequest&) = default;
};
static_assert(sizeof(StartRequest) == 32);

struct StartAnswer {
  std::int32_t pid = 0;    // 0: none was started
  std::int32_t error = 0;  // errno, then
};
static_assert(sizeof(StartAnswer) == 8);

// On the worker's descriptor 0: this, `name_bytes` of the file's name, `file_bytes` of drawing.
struct RequestHeader {
  std::array<char, 4> magic = kRequestMagic;
  std::uint32_t version = kProtocolVersion;
  std::uint64_t file_bytes = 0;
  std::uint64_t max_entities = 0;
  std::uint32_t image_px = 0;
  std::uint32_t name_bytes = 0;
};
static_assert(sizeof(RequestHeader) == 32);

enum class FrameKind : std::uint16_t {
  part = 1,      // `part` and `number` say of what; the payload continues that part
  progress = 2,  // number: percent; payload: the phase's name
  done = 3,      // payload: DoneHeader, format name, version; the last frame
  error = 4,     // number: ErrorCode; payload: the sentence; the last frame
};

// On the worker's descriptor 1, each followed by `length` bytes of payload.
struct FrameHeader {
  std::array<char, 4> magic = kFrameMagic;
  FrameKind kind = FrameKind::part;
  std::uint16_t part = 0;  // PartKind, 0 for other frames
  std::uint32_t number = 0;
  std::uint32_t length = 0;
};
static_assert(sizeof(FrameHeader) == 16);

struct DoneHeader {
  std::uint64_t entities = 0;
  std::uint32_t sheets = 0;
  std::uint8_t truncated = 0;
  std::uint8_t format_bytes = 0;
  std::uint8_t version_bytes = 0;
  std::uint8_t reserved = 0;
};
static_assert(sizeof(DoneHeader) == 16);

inline constexpr std::uint32_t kMaxPartFrameBytes = 1u << 20;
inline constexpr std::uint32_t kMaxNoteBytes = 4096;  // payload of any other frame
inline constexpr std::uint32_t kMaxNameBytes = 1024;  // of the drawing; longer is cut
inline constexpr std::uint32_t kMaxPhaseBytes = 32;
inline constexpr std::uint32_t kMaxParts = 4096;  // different parts of one drawing
inline constexpr std::size_t kKeptStderrBytes = 4096;
inline constexpr std::size_t kMaxStderrBytes = 1u << 20;  // then nobody listens any more

// Exit codes of the worker, besides 0.
inline constexpr int kExitOutOfMemory = 70;
inline constexpr int kExitNotConfined = 71;  // the sandbox could not be closed
inline constexpr int kExitBadRequest = 72;

}  // namespace cad::sandbox
