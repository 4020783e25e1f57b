// SPDX-License-Identifier: Apache-2.0
// RESP2, the protocol of Redis (https://redis.io/docs/reference/protocol-spec/).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cad::redis {

struct Reply {
  enum class Kind : std::uint8_t { nil, integer, text, error, array } kind = Kind::nil;
  std::int64_t integer = 0;
  std::string text;  // of text and error
  std::vector<Reply> items;

  bool is_nil() const { return kind == Kind::nil; }
  bool is_error() const { return kind == Kind::error; }
};

using Command = std::vector<std::string>;

// Appends the command as the server reads it.
void encode(const Command& command, std::string& out);

struct ParserLimits {
  std::size_t bytes = 16u << 20;      // of one reply
  std::size_t elements = 128u << 10;  // of one reply, those of arrays in arrays included
  int depth = 8;
};

// Replies out of bytes that come in pieces.
class Parser {
 public:
  explicit Parser(ParserLimits limits = {}) : limits_(limits) {}

  void feed(std::string_view bytes) { buffer_ += bytes; }
  // None: the next reply is not complete yet. INTEGRITY: no RESP2, or more than the limits allow;
  // the parser is of no use any more.
  Result<std::optional<Reply>> next();

 private:
  struct Cursor;
  Result<bool> read(Cursor& at, Reply& reply, int depth);
  Result<bool> read_bulk(Cursor& at, std::int64_t size, Reply& reply);
  Result<bool> read_array(Cursor& at, std::int64_t count, Reply& reply, int depth);

  ParserLimits limits_;
  std::string buffer_;
  std::size_t start_ = 0;   // of the next reply in the buffer
  std::size_t wanted_ = 0;  // bytes without which it is not complete
};

}  // namespace cad::redis
