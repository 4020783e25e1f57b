// SPDX-License-Identifier: Apache-2.0
// What an OpenID provider publishes (its endpoints and keys), kept for a while, and its ID tokens.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "jose/keys.hpp"
#include "oauth/answers.hpp"
#include "oauth/fetcher.hpp"

namespace cad::oauth {

using Clock = std::function<std::int64_t()>;  // milliseconds since 1970

// Any thread; of several that need the same document one fetches it.
class Published {
 public:
  Published(Fetcher& fetcher, std::string issuer, Clock clock)
      : fetcher_(fetcher), issuer_(std::move(issuer)), clock_(std::move(clock)) {}

  Result<Discovered> endpoints();
  // With `kid` among them, if the provider has such a key: an unknown id has the keys fetched
  // again, but not more often than once a minute, whoever asks. Empty: as they are.
  Result<std::shared_ptr<const jose::PublicKeys>> keys(std::string_view kid);

 private:
  // When something was last tried, and whether it can be had.
  struct Tried {
    std::int64_t at = 0;
    bool ever = false, worked = false;
    Error error;
    bool is_older_than(std::int64_t age, std::int64_t now) const;
  };
  Result<std::string> get(const std::string& url) const;
  template <class Action>
  Result<void> refresh(Tried& tried, std::int64_t keep, Action action) const;

  Fetcher& fetcher_;
  const std::string issuer_;
  const Clock clock_;
  std::mutex mutex_;
  Tried tried_endpoints_, tried_keys_;
  Discovered endpoints_;
  std::shared_ptr<const jose::PublicKeys> keys_;
};

struct ExpectedToken {
  std::string issuer, client_id, nonce;
  std::int64_t now = 0;  // seconds since 1970
};
// Who the ID token says it was. INTEGRITY: it is no RS256 token by one of the provider's keys for
// this client and this sign-in, now.
Result<Person> check_id_token(Published& published, const Tokens& tokens,
                              const ExpectedToken& expected);

}  // namespace cad::oauth
