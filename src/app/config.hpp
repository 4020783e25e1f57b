// SPDX-License-Identifier: Apache-2.0
// What the operator may choose.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cad::app {

struct Config {
  std::string data = "cadlens-data";      // database, keys, stored objects
  std::string listen = "127.0.0.1:3001";  // port 0: any free one
  std::string owner_key_file;             // receives the first API key, mode 0600
  std::string public_url;                 // for the links in answers; empty: as clients call us
  std::string worker;                     // executable; empty: the one beside ours
  std::size_t workers = 0;                // of one account at a time; 0: one a processor
  std::uint64_t job_memory = 2ull << 30;  // bytes a job may use
  std::int64_t job_cpu_seconds = 120, job_wall_seconds = 180;
  std::uint64_t max_upload_bytes = 1ull << 30;
  std::int64_t max_waiting_jobs = 10'000;
  int max_uploads = 32;                   // at the same time
  std::int64_t retention_hours = 24 * 7;  // of uploads, results and previews; 1 at least
};

struct Address {
  std::string host;  // without brackets
  std::uint16_t port = 0;
  bool loopback = false;
};
// "127.0.0.1:3001", "[::1]:3001", "localhost:3001". INVALID_ARGUMENT.
Result<Address> parse_address(std::string_view text);

// INVALID_ARGUMENT with the reason: among others a listener that is open to a network, as this
// version does not speak TLS.
Result<Address> check(const Config& config);

}  // namespace cad::app
