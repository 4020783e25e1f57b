// SPDX-License-Identifier: Apache-2.0
#include "auth/url_signer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "crypto/bytes.hpp"
#include "crypto/hash.hpp"

namespace cad::auth {

std::string UrlSigner::sign(std::string_view method, std::string_view path,
                            std::string_view expires) const {
  // No part can hold a newline (the parser of requests refuses it), so no two triples look alike.
  std::string message;
  message.append(method).append("\n").append(path).append("\n").append(expires);
  const auto digest = crypto::hmac_sha256(crypto::as_bytes(key_), crypto::as_bytes(message));
  return crypto::to_hex(crypto::as_bytes(digest));
}

std::string UrlSigner::query(std::string_view method, std::string_view path,
                             std::int64_t expires) const {
  const std::string time = std::to_string(expires);
  return "?expires=" + time + "&signature=" + sign(method, path, time);
}

bool UrlSigner::allows(std::string_view method, std::string_view path, std::string_view expires,
                       std::string_view signature, std::int64_t now_seconds) const {
  if (!crypto::equal_in_constant_time(sign(method, path, expires), signature)) return false;
  std::int64_t time = 0;
  const auto [end, error] = std::from_chars(expires.data(), expires.data() + expires.size(), time);
  return error == std::errc() && end == expires.data() + expires.size() && now_seconds < time;
}

namespace {

struct File {
  int fd;
  ~File() {
    if (fd >= 0) ::close(fd);
  }
};

}  // namespace

Result<std::array<std::uint8_t, 32>> load_or_make_key(const std::string& path) {
  std::array<std::uint8_t, 32> key{};
  if (const File made{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
      made.fd >= 0) {
    key = crypto::random_key();
    if (::write(made.fd, key.data(), key.size()) != static_cast<ssize_t>(key.size()) ||
        ::fsync(made.fd) != 0)
      return fail(ErrorCode::io, "The key file " + path + " cannot be written.");
    return key;
  }
  const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) return fail(ErrorCode::io, "The key file " + path + " cannot be opened.");
  std::array<std::uint8_t, 33> found{};
  if (::read(file.fd, found.data(), found.size()) != static_cast<ssize_t>(key.size()))
    return fail(ErrorCode::integrity, "The key file " + path + " does not hold 32 bytes.");
  std::copy_n(found.begin(), key.size(), key.begin());
  return key;
}

}  // namespace cad::auth
