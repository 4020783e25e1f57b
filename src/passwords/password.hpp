// SPDX-License-Identifier: Apache-2.0
// Passwords: what may be one (NIST SP 800-63B), and how it is kept (bcrypt, cost 12).
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace cad::passwords {

inline constexpr std::size_t kMinCharacters = 8;
// bcrypt reads no further: two longer passwords that begin alike would open the same account.
inline constexpr std::size_t kMaxBytes = 72;

// The password in Unicode's form NFC, so that it is the same from every keyboard; `raw` is wiped.
// INVALID_ARGUMENT, with a sentence for the user: no UTF-8, a NUL, too short or too long.
Result<Secret> prepare(std::string& raw);

// Why a new password is too easy to guess, as a sentence for the user; none: it is not known to be.
// `personal` is what others may know: the mail address, the name of the service. Not for sign-in.
std::optional<std::string> weakness(const Secret& password, std::span<const std::string> personal);

// Takes a quarter of a second of one core: belongs on a HashPool. `password` comes from prepare();
// INTERNAL otherwise.
Result<std::string> hash(const Secret& password);
// As long; false for a hash that is none of ours.
bool verify(const Secret& password, const std::string& hash);

// Of no password: verifying it costs what a real one costs, so that time does not tell whether
// somebody has an account.
const std::string& dummy_hash();

}  // namespace cad::passwords
