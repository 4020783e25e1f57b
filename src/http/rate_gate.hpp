// SPDX-License-Identifier: Apache-2.0
// Asks the limiter before a request is worked on: by key where there is a good one, else by
// address.
#pragma once

#include "http/api_error.hpp"
#include "http/call.hpp"

namespace cad::http {

// RATE_LIMITED with Retry-After. A caller on the Unix socket without a proxy in between has no
// address and is not counted.
tl::expected<void, ApiError> admit_address(Call& call);
tl::expected<void, ApiError> admit_key(Call& call);
// Beside those, for what costs more than a look: by account where there is one, else by address.
tl::expected<void, ApiError> admit_costly(Call& call);
// One try at the password of an address, from anywhere and from where this one comes.
tl::expected<void, ApiError> admit_sign_in(Call& call, std::string_view email_key);

// One mail to that address, whoever asks for it.
tl::expected<void, ApiError> admit_mail(Call& call, std::string_view email_key);
// The same for a mail that the caller knows nothing of: no answer tells how full the mailbox is.
bool has_room_in_mailbox(const Call& call, std::string_view email_key);

// RateLimit-Limit, -Remaining and -Reset, where a limit was asked for.
void tell_rate(const rate::Verdict& verdict, Headers& headers);

}  // namespace cad::http
