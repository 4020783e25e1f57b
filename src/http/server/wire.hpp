// SPDX-License-Identifier: Apache-2.0
// Responses as bytes (RFC 9112); knows no network.
#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace cad::http::detail {

struct Framing {
  bool chunked = false;
  bool until_close = false;  // HTTP/1.0 and no known length
  std::optional<std::uint64_t> length;
};
Framing framing_of(const Response& response, bool http_1_0);

// Status line and header, with the empty line.
std::string serialize_head(const Response& response, const Framing& framing, bool keep_alive);
std::string chunk_header(std::size_t size);

// For requests that no handler sees because they are no HTTP; closes the connection.
std::string plain_refusal(int status, std::string_view code, std::string_view message, bool https);

std::string_view reason_phrase(int status);

}  // namespace cad::http::detail
