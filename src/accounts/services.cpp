// SPDX-License-Identifier: Apache-2.0
#include "accounts/services.hpp"

#include <algorithm>

#include "crypto/bytes.hpp"
#include "crypto/hash.hpp"
#include "mail/message.hpp"

namespace cad::accounts {

namespace {
constexpr std::size_t kMostEmail = 320;
}

std::string_view to_string(Registration registration) {
  switch (registration) {
    case Registration::closed: return "closed";
    case Registration::invite: return "invite";
    case Registration::open: return "open";
  }
  return "";
}

Token make_token() {
  Token token;
  token.raw = crypto::random_token(32);
  token.hash = hash_token(token.raw);
  return token;
}

std::string hash_token(std::string_view raw) { return crypto::sha256_hex(raw); }

// The part before the "@" may tell cases apart by the letter of the standards; no mail service of
// today does, and two accounts for one mailbox would be a trap.
std::optional<std::string> email_key(std::string_view email) {
  if (email.size() > kMostEmail || !mail::is_address(email) ||
      email.find('.', email.rfind('@')) == email.npos)
    return std::nullopt;
  std::string key(email);
  std::transform(key.begin(), key.end(), key.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return key;
}

}  // namespace cad::accounts
