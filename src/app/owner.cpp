// SPDX-License-Identifier: Apache-2.0
#include "app/owner.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

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

constexpr std::size_t kMostNameBytes = 200;

store::ApiKey record_of(const auth::NewKey& made, store::UnixMs now) {
  store::ApiKey key;
  key.id = "key_" + crypto::random_hex(12);
  key.prefix = made.prefix;
  key.hash = made.hash;
  key.created_at = now;
  return key;
}

// Words of all_scopes(), separated by single blanks.
Result<void> check_scopes(std::string_view scopes) {
  const std::string known = " " + auth::all_scopes() + " ";
  while (!scopes.empty()) {
    const std::string word(scopes.substr(0, scopes.find(' ')));
    if (word.empty() || known.find(" " + word + " ") == std::string::npos)
      return fail(ErrorCode::invalid_argument,
                  "\"" + word + "\" is no scope; there are: " + auth::all_scopes() + ".");
    scopes.remove_prefix(std::min(word.size() + 1, scopes.size()));
  }
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
  store::ApiKey key = record_of(made, now);
  key.account_id = "acc_" + crypto::random_hex(12);
  key.name = "owner";
  key.scopes = auth::all_scopes();
  CAD_TRY(keys.insert_with_account(key));
  return std::optional(made.raw);
}

Result<std::string> add_key(const std::string& data, const WantedKey& wanted, store::UnixMs now) {
  if (wanted.account.empty() || wanted.account.size() > kMostNameBytes ||
      wanted.key_name.size() > kMostNameBytes)
    return fail(ErrorCode::invalid_argument, "Names of accounts and keys have 1 to 200 bytes.");
  CAD_TRY(check_scopes(wanted.scopes));
  const std::string path = data + "/cadlens.db";
  if (::access(path.c_str(), F_OK) != 0)
    return fail(ErrorCode::not_found, "There is no database in " + data +
                                          "; start the service once, or name its folder with "
                                          "--data.");
  CAD_ASSIGN(const auto database, store::open_sqlite(path));
  store::KeyRepository keys(*database);
  CAD_ASSIGN(auto account, keys.find_account(wanted.account));
  if (!account) {
    account = "acc_" + crypto::random_hex(12);
    CAD_TRY(keys.insert_account(*account, wanted.account, now));
  }
  const auth::NewKey made = auth::make_api_key();
  if (!wanted.key_file.empty()) CAD_TRY(write_private(wanted.key_file, made.raw + "\n"));
  store::ApiKey key = record_of(made, now);
  key.account_id = *account;
  key.name = wanted.key_name;
  key.scopes = wanted.scopes.empty() ? auth::all_scopes() : wanted.scopes;
  CAD_TRY(keys.insert(key));
  return made.raw;
}

}  // namespace cad::app
