// SPDX-License-Identifier: Apache-2.0
// Sign-ins and their refresh tokens. A session is the family of the tokens that followed each other
// in it; tokens are here as hashes.
#pragma once

#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::store {

struct SessionRecord {
  std::string id, account_id;
  std::string user_agent, address;  // of the sign-in, for its owner to know it again
  UnixMs created_at = 0, last_used_at = 0;
  UnixMs expires_at = 0;  // whatever happens in it
};

struct RefreshToken {
  std::string hash, session_id;
  UnixMs created_at = 0, expires_at = 0;
};

// A session that is good, and whose it is.
struct LiveSession {
  std::string id, account_id;
  std::string dashboard_key;  // the key that its uploads belong to
  AccountState account;
};

struct Rotation {
  enum class Outcome : std::uint8_t { rotated, unknown, expired, reused };
  Outcome outcome = Outcome::unknown;
  std::string session_id, account_id;  // but for `unknown`
};

class SessionRepository {
 public:
  explicit SessionRepository(Database& database) : database_(database) {}

  // Makes the account's dashboard key when there is none; `key_id` is its id then. With
  // `password_hash` only while that is the user's: CONFLICT otherwise.
  Result<void> insert(const SessionRecord& session, const RefreshToken& token,
                      std::string_view key_id,
                      const std::optional<std::string>& password_hash = std::nullopt);
  Result<LiveSession> find(std::string_view id, UnixMs now);  // NOT_FOUND: ended, or too old
  // Whose token it is, used or not. NOT_FOUND.
  Result<SessionRecord> find_by_refresh(std::string_view hash);
  // The token is used up and `next` (whose session is set here) takes its place, to expire with the
  // session at the latest. One that was used before ends the session: somebody has stolen it.
  Result<Rotation> rotate(std::string_view hash, RefreshToken next, UnixMs now);
  // Those that are good, the last used first.
  Result<std::vector<SessionRecord>> list(std::string_view account_id, UnixMs now);
  // False: no such session of that account.
  Result<bool> end(std::string_view account_id, std::string_view id);
  Result<std::int64_t> end_all(std::string_view account_id, std::string_view kept);
  Result<std::int64_t> remove_expired(UnixMs now);

 private:
  Database& database_;
};

// The keys that sign access tokens; the private part is sealed.
struct SessionKey {
  std::string kid, sealed, public_jwk;
  UnixMs created_at = 0;
  std::optional<UnixMs> retired_at = std::nullopt;  // signs no more, still verifies for a while
};

class SessionKeyRepository {
 public:
  explicit SessionKeyRepository(Database& database) : database_(database) {}

  // Newest first.
  Result<std::vector<SessionKey>> list();
  // Retires the others. With `only_first`: CONFLICT when there is one already.
  Result<void> add(const SessionKey& key, bool only_first);
  Result<void> set_sealed(std::string_view kid, std::string_view sealed);
  Result<std::int64_t> remove_retired(UnixMs before);

 private:
  Database& database_;
};

}  // namespace cad::store
