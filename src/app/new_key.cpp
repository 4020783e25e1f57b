// SPDX-License-Identifier: Apache-2.0
#include "app/new_key.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/bytes.hpp"

namespace cad::app {

Result<void> write_private(const std::string& path, const std::string& text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  // An older file may be readable by others: its mode is set before it receives anything.
  const bool written = fd >= 0 && ::fchmod(fd, 0600) == 0 &&
                       ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (fd >= 0) ::close(fd);
  if (!written) return fail(ErrorCode::io, "The key file " + path + " cannot be written.");
  return {};
}

store::ApiKey record_of(const auth::NewKey& made, store::UnixMs now) {
  store::ApiKey key;
  key.id = "key_" + crypto::random_hex(12);
  key.prefix = made.prefix;
  key.hash = made.hash;
  key.created_at = now;
  return key;
}

}  // namespace cad::app
