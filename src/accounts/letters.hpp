// SPDX-License-Identifier: Apache-2.0
// The mails about accounts. A link carries its token behind "#", which no browser sends to a server
// and no log holds.
#pragma once

#include <string>
#include <string_view>

#include "mail/mailer.hpp"

namespace cad::accounts {

enum class Letter : std::uint8_t {
  verify,            // link
  exists_already,    // somebody registers with an address that has an account
  reset,             // link
  password_changed,  // to who may not have done it
  new_address,       // link, to the new one
  address_changed,   // to the old one
  account_deleted
};

// The link that a mail of this kind carries; also printed by `cadlens admin`.
std::string link_of(Letter letter, std::string_view base_url, std::string_view token);

mail::Mail write_letter(Letter letter, const std::string& to, std::string_view base_url,
                        std::string_view token);

}  // namespace cad::accounts
