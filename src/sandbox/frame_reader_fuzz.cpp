// SPDX-License-Identifier: Apache-2.0
// The service's side of a hostile worker. The first byte says how the stream is cut.
#include <algorithm>
#include <cstdlib>

#include "sandbox/frame_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cad::sandbox;
  struct Counter : cad::PartSink {
    cad::Result<void> write(cad::PartKind, std::uint32_t,
                            std::span<const std::byte> bytes) override {
      received += bytes.size();
      return {};
    }
    std::size_t received = 0;
  };
  if (size == 0) return 0;
  constexpr std::uint64_t kMostBytes = 1 << 16;
  Counter parts;
  FrameReader reader(
      &parts,
      [](std::string_view, int percent) {
        if (percent < 0 || percent > 100) std::abort();
      },
      kMostBytes);
  const std::size_t step = data[0] + std::size_t{1};
  auto bytes = std::as_bytes(std::span(data + 1, size - 1));
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min(step, bytes.size()));
    if (reader.feed(piece) != FrameReader::Fault::none) break;
    bytes = bytes.subspan(piece.size());
  }
  if (parts.received > kMostBytes || (reader.done() && reader.rejection())) std::abort();
  return 0;
}
