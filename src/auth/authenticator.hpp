// SPDX-License-Identifier: Apache-2.0
// From what a request brings along to who sent it.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "auth/principal.hpp"
#include "auth/session_tokens.hpp"
#include "store/repositories.hpp"
#include "store/sessions.hpp"

namespace cad::auth {

struct Presented {
  std::optional<std::string_view> authorization;  // the header's value: "Bearer cadl_..."
  std::optional<std::string_view> cookie;         // a browser's access token; the header goes first
  std::string_view remote;                        // the address of who calls
};

struct Refusal {
  enum class Why : std::uint8_t {
    unknown,    // nobody we know; the message does not tell what about a well-formed one is wrong
    forbidden,  // somebody we know, but not from there, or not now
    away        // the database is
  };
  Why why;
  std::string code, message;
};

class Authenticator {
 public:
  Authenticator(store::Database& database, SessionTokens& tokens, Clock clock)
      : keys_(database), sessions_(database), tokens_(tokens), clock_(std::move(clock)) {}

  tl::expected<Principal, Refusal> authenticate(const Presented& presented);

 private:
  tl::expected<Principal, Refusal> of_key(std::string_view raw, std::string_view remote);
  tl::expected<Principal, Refusal> of_session(std::string_view token);
  void note_use(const store::ApiKey& key, store::UnixMs now);

  store::KeyRepository keys_;
  store::SessionRepository sessions_;
  SessionTokens& tokens_;
  Clock clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, store::UnixMs> noted_;
};

}  // namespace cad::auth
