// SPDX-License-Identifier: Apache-2.0
// gzip (RFC 1952) for answers, whole or streaming.
#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace cad::http {

std::string gzip(std::string_view text);
// Compresses what `stream` gives; the size is not known any more.
Stream gzip_stream(Stream stream);

}  // namespace cad::http
