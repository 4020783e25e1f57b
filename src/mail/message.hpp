// SPDX-License-Identifier: Apache-2.0
// A mail as it goes over the wire (RFC 5322, RFC 2045, RFC 2047). Whatever the texts hold, they
// cannot add a header or a receiver.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mail/mailer.hpp"

namespace cad::mail {

// One plain address: ASCII, no blank, no list, no comment, no quoting.
bool is_address(std::string_view text);

// "=?UTF-8?B?...?=" in words of at most 75 characters, folded; plain ASCII stays as it is.
std::string encode_subject(std::string_view text);

// With CRLF; `time` in seconds since 1970. Both addresses must be is_address().
std::string compose(const Mail& mail, std::string_view from, std::int64_t time);

}  // namespace cad::mail
