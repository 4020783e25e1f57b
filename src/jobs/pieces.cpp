// SPDX-License-Identifier: Apache-2.0
#include "jobs/pieces.hpp"

#include <algorithm>
#include <cstring>

namespace cad::jobs {

Result<std::size_t> PieceReader::read(std::span<char> into) {
  std::size_t filled = 0;
  while (filled < into.size() && !ended_) {
    if (!piece_) {
      CAD_ASSIGN(piece_, next_());
      done_ = 0;
      if (!piece_) {
        ended_ = true;
        break;
      }
    }
    CAD_ASSIGN(const std::size_t count, from_piece(into.subspan(filled)));
    if (count == 0) piece_.reset();
    filled += count;
  }
  return filled;
}

Result<std::size_t> PieceReader::from_piece(std::span<char> into) {
  if (const auto* text = std::get_if<std::string>(&*piece_)) {
    const std::size_t count = std::min<std::uint64_t>(into.size(), text->size() - done_);
    std::memcpy(into.data(), text->data() + done_, count);
    done_ += count;
    return count;
  }
  const Range& range = std::get<Range>(*piece_);
  const std::size_t wanted = std::min<std::uint64_t>(into.size(), range.length - done_);
  if (wanted == 0) return std::size_t{0};
  CAD_ASSIGN(const std::size_t count,
             range.object->read(range.offset + done_, std::as_writable_bytes(into.first(wanted))));
  if (count == 0) return fail(ErrorCode::integrity, "A stored object is shorter than it was.");
  done_ += count;
  return count;
}

Result<std::string> read_all(blobs::Reader& reader, std::uint64_t most) {
  if (reader.size() > most)
    return fail(ErrorCode::limit_exceeded, "A stored object is larger than expected.");
  std::string out(reader.size(), '\0');
  std::size_t filled = 0;
  while (filled < out.size()) {
    CAD_ASSIGN(const std::size_t count,
               reader.read(filled, std::as_writable_bytes(std::span(out).subspan(filled))));
    if (count == 0) return fail(ErrorCode::integrity, "A stored object is shorter than it was.");
    filled += count;
  }
  return out;
}

}  // namespace cad::jobs
