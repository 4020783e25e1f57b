// SPDX-License-Identifier: Apache-2.0
// Sign-ins at another service that wait for their browser to come back.
#pragma once

#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::store {

enum class OauthPurpose : std::uint8_t { sign_in, link };
std::string_view to_string(OauthPurpose purpose);  // "sign_in", "link"

struct OauthState {
  std::string state_hash;  // SHA-256, hex
  std::string provider;
  std::string binding_hash;  // of the cookie's value
  std::string sealed;        // verifier and nonce
  std::string redirect_uri;
  OauthPurpose purpose = OauthPurpose::sign_in;
  // Whom to link, and the session that asked for it: the state ends with either.
  std::optional<std::string> account_id, session_id;
  std::optional<std::string> invite_hash, return_to;
  UnixMs created_at = 0, expires_at = 0;
};

class OauthStateRepository {
 public:
  explicit OauthStateRepository(Database& database) : database_(database) {}

  // What is over age goes, and of more than `most` the oldest: who floods the table ends his own
  // sign-ins first.
  Result<void> insert(const OauthState& state, std::int64_t most);
  // And it is gone: of two that ask at the same time one gets it.
  Result<std::optional<OauthState>> take(std::string_view state_hash);
  Result<std::int64_t> remove_expired(UnixMs now);

 private:
  Database& database_;
};

}  // namespace cad::store
