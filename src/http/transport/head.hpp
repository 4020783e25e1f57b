// SPDX-License-Identifier: Apache-2.0
// The head of a request (RFC 9112), strictly: what two programs could read in two ways is refused,
// as a proxy in front of us might be the other one (request smuggling).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace cad::http {

struct RequestHead {
  std::string method, target;
  Headers headers;
  bool http_1_0 = false;
  bool keep_alive = true;
  bool expect_continue = false;
  // The body: chunked, or of this length, or none.
  bool chunked = false;
  std::optional<std::uint64_t> length;
};

// Finds the end of a head in bytes that come in pieces, and looks at each byte once.
class HeadScanner {
 public:
  explicit HeadScanner(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // `bytes`: all that has come so far. The head's length with its empty line; none: more is needed.
  // INVALID_ARGUMENT at the first byte that no head may hold; LIMIT_EXCEEDED.
  Result<std::optional<std::size_t>> scan(std::string_view bytes);

 private:
  std::size_t max_bytes_, at_ = 0, line_ = 0;
  bool begun_ = false;  // one empty line before the request line is let through (RFC 9112, 2.2)
};

// `head`: as the scanner found it. INVALID_ARGUMENT; LIMIT_EXCEEDED: too many fields.
Result<RequestHead> parse_head(std::string_view head, std::size_t max_fields = 100);

}  // namespace cad::http
