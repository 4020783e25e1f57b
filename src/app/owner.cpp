// SPDX-License-Identifier: Apache-2.0
#include "app/owner.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/api_key.hpp"
#include "auth/authenticator.hpp"
#include "crypto/bytes.hpp"

namespace cad::app {
namespace {

Result<void> write_private(const std::string& path, const std::string& text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  // An older file may be readable by others: its mode is set before it receives anything.
  const bool written = fd >= 0 && ::fchmod(fd, 0600) == 0 &&
                       ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (fd >= 0) ::close(fd);
  if (!written) return fail(ErrorCode::io, "The key file " + path + " cannot be written.");
  return {};
}

}  // namespace

Result<std::optional<std::string>> ensure_owner(store::Database& database,
                                                const std::string& key_file, store::UnixMs now) {
  store::KeyRepository keys(database);
  CAD_ASSIGN(const bool any, keys.any_account());
  if (any) return std::optional<std::string>();
  const auth::NewKey made = auth::make_api_key();
  // The file first: a key that is stored but was never handed out would lock its owner out.
  if (!key_file.empty()) CAD_TRY(write_private(key_file, made.raw + "\n"));
  store::ApiKey key;
  key.id = "key_" + crypto::random_hex(12);
  key.account_id = "acc_" + crypto::random_hex(12);
  key.name = "owner";
  key.prefix = made.prefix;
  key.hash = made.hash;
  key.scopes = auth::all_scopes();
  key.created_at = now;
  CAD_TRY(keys.insert_with_account(key));
  return std::optional(made.raw);
}

}  // namespace cad::app
