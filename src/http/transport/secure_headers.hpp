// SPDX-License-Identifier: Apache-2.0
// What every answer carries, whoever made it.
#pragma once

#include "http/message.hpp"

namespace cad::http {

// Fields that are there already stay, but for nosniff. `https`: adds Strict-Transport-Security,
// which must not be sent on an unencrypted connection (RFC 6797, 7.2).
void add_secure_headers(Headers& headers, bool https);

}  // namespace cad::http
