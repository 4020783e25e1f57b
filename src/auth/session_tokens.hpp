// SPDX-License-Identifier: Apache-2.0
// Access tokens of sessions: JSON Web Tokens, RS256, two hours (RFC 9068's form). The keys lie
// sealed in the database, so that every node signs with the same and follows a rotation.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "jose/token.hpp"
#include "secrets/sealed_box.hpp"
#include "store/sessions.hpp"

namespace cad::auth {

using Clock = std::function<store::UnixMs()>;

inline constexpr std::chrono::hours kAccessTokenLife{2};
inline constexpr secrets::SealedUse kSessionKeyUse{.key_info = "session keys, version 1",
                                                   .bound_to = "cadlens session key ",
                                                   .name = "session key"};

struct AccessClaims {
  std::string session_id, account_id;
};

class SessionTokens {
 public:
  // Makes the first key when there is none. `issuer`: the service's public URL.
  static Result<std::unique_ptr<SessionTokens>> open(store::Database& database,
                                                     secrets::SealedBox box, std::string issuer,
                                                     Clock clock);

  Result<std::string> issue(const AccessClaims& claims);
  // INTEGRITY: malformed, not ours, of another use, or too old. UNAVAILABLE.
  Result<AccessClaims> verify(std::string_view token);
  // What others verify our tokens with (RFC 7517): the key that signs, and those before it while
  // tokens of theirs may still be good.
  Result<std::string> jwks();

 private:
  struct Keys;
  SessionTokens(store::Database& database, secrets::SealedBox box, std::string issuer, Clock clock)
      : database_(database),
        box_(std::move(box)),
        issuer_(std::move(issuer)),
        clock_(std::move(clock)) {}
  Result<std::shared_ptr<const Keys>> keys(std::chrono::seconds at_most);  // of that age
  Result<std::shared_ptr<const Keys>> load();

  store::Database& database_;
  secrets::SealedBox box_;
  std::string issuer_;
  Clock clock_;
  std::mutex mutex_;
  std::shared_ptr<const Keys> keys_;
  std::chrono::steady_clock::time_point loaded_at_;
};

// A new key signs from now on; tokens of the old one stay good for as long as they live. The kid.
Result<std::string> rotate_session_key(store::Database& database, const secrets::SealedBox& box,
                                       store::UnixMs now);
// After a rotation of the master key.
Result<void> reseal_session_keys(store::Database& database, const secrets::SealedBox& box);

}  // namespace cad::auth
