// SPDX-License-Identifier: Apache-2.0
// Long answers put together from short texts and ranges of stored objects, one buffer at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "blobs/blob_store.hpp"

namespace cad::jobs {

struct Range {
  std::shared_ptr<blobs::Reader> object;
  std::uint64_t offset = 0, length = 0;
};
using Piece = std::variant<std::string, Range>;

// Asks for the next piece when one is used up; none: the end.
class PieceReader {
 public:
  using Next = std::function<Result<std::optional<Piece>>()>;
  explicit PieceReader(Next next) : next_(std::move(next)) {}

  // 0 at the end.
  Result<std::size_t> read(std::span<char> into);

 private:
  Result<std::size_t> from_piece(std::span<char> into);

  Next next_;
  std::optional<Piece> piece_;
  std::uint64_t done_ = 0;  // of the piece
  bool ended_ = false;
};

// The whole of a small object; LIMIT_EXCEEDED when it is larger than `most`.
Result<std::string> read_all(blobs::Reader& reader, std::uint64_t most);

}  // namespace cad::jobs
