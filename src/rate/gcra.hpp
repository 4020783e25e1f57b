// SPDX-License-Identifier: Apache-2.0
// The generic cell rate algorithm (ITU-T I.371): a token bucket that is one number, the time at
// which the bucket will be full again.
#pragma once

#include <cstdint>

namespace cad::rate {

// A bucket of `burst` requests that fills by `per_minute` a minute. 0 per minute: no limit.
struct Rate {
  std::uint32_t per_minute = 0, burst = 1;
};

struct Rules {
  Rate per_address{600, 200};  // of who shows no valid key
  Rate per_key{6'000, 1'000};
  Rate per_costly{20, 20};  // registering, signing in, making keys: of an address or account
  Rate per_sign_in{5, 10};  // tries at one account's password from one address
  Rate per_account_sign_in{10, 50};  // and from everywhere together
  Rate per_mailbox{1, 5};            // mails that anybody can have sent to an address
};

struct Verdict {
  bool admitted = true;
  std::uint32_t limit = 0, remaining = 0;  // requests at once; 0 and 0 without a limit
  std::int64_t retry_after_us = 0;         // when refused: until there is room for one
  std::int64_t reset_after_us = 0;         // until the bucket is full again
};

// The rate as whole microseconds: what one request fills, and what all of the bucket is.
struct Bucket {
  std::int64_t each = 0, whole = 0;
};
Bucket bucket_of(const Rate& rate);
// What is told to who asked: `filling` is how long the bucket takes to be full again, before a
// refused request and after an admitted one.
Verdict verdict_of(const Rate& rate, bool admitted, std::int64_t filling);

// One request at `now` (microseconds, of a clock that never goes back). `full_at` is the bucket;
// 0, and any time that is past, is a full one. A refused request leaves it as it is.
Verdict take(const Rate& rate, std::int64_t now, std::int64_t& full_at);

}  // namespace cad::rate
