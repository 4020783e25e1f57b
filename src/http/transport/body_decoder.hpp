// SPDX-License-Identifier: Apache-2.0
// The body of a request out of the bytes of its connection: by length, or chunked (RFC 9112, 7.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "http/transport/head.hpp"

namespace cad::http {

// What chunked coding may add to a body; more is an attack on whoever keeps count of bytes only.
struct ChunkLimits {
  std::size_t max_line = 256;              // a chunk's size and extensions
  std::size_t max_extensions = 16 * 1024;  // of all chunks together
  std::size_t max_trailers = 8 * 1024;
};

class BodyDecoder {
 public:
  explicit BodyDecoder(const RequestHead& head, ChunkLimits limits = {});

  struct Step {
    std::size_t used = 0, made = 0;
  };
  // Takes bytes of the connection, gives bytes of the body; takes none that come after the body.
  // INVALID_ARGUMENT: malformed; LIMIT_EXCEEDED.
  Result<Step> decode(std::string_view in, std::span<std::byte> out);
  bool done() const { return state_ == State::done; }

  // A body by length is its own bytes: up to `left()` of them may go around decode().
  bool plain() const { return state_ == State::plain; }
  std::uint64_t left() const { return left_; }
  void skip(std::uint64_t count);

 private:
  enum class State {
    plain,
    size,       // hexadecimal digits
    extension,  // up to the line's end
    size_end,   // LF
    data,
    data_cr,
    data_lf,
    trailer,  // any line after the last chunk
    trailer_lf,
    done
  };

  Result<void> line_byte(char c);
  Result<void> size_byte(char c);
  Result<void> extension_byte(char c);
  Result<void> trailer_byte(char c);

  ChunkLimits limits_;
  State state_;
  std::uint64_t left_ = 0;  // of the body, or of the chunk
  std::size_t digits_ = 0, line_ = 0, extensions_ = 0, trailers_ = 0;
};

}  // namespace cad::http
