// SPDX-License-Identifier: Apache-2.0
// Where a Redis server is, and how long it may take.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace cad::redis {

struct Options {
  std::string host;
  std::uint16_t port = 6379;
  bool tls = false;     // the certificate and the host's name in it are checked
  std::string ca_file;  // empty: the system's
  std::string user;     // empty: the default user
  Secret password;
  int database = 0;
  std::chrono::milliseconds connect_timeout{1'000};  // with TLS and signing in
  std::chrono::milliseconds command_timeout{1'000};
  std::size_t most_connections = 16;
};

// "redis://user:password@host:port/database", "rediss://..." for TLS; everything but the host may
// be left out. `?ca=FILE` names the certificates to trust. Names and passwords are percent-encoded.
// INVALID_ARGUMENT never repeats any of it.
Result<Options> parse_url(std::string_view url);

// "redis://host:port/database", for people.
std::string name_of(const Options& options);

}  // namespace cad::redis
