// SPDX-License-Identifier: Apache-2.0
// The S3 server of the tests (OpenStack Swift), as tests/support/servers/swift.py tells of it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "test_server.hpp"

namespace cad::test_support {

struct Swift {
  std::string url;  // with the region; more parameters go behind an "&"
  std::string access_key, secret_key, other_access_key, other_secret_key;
  std::string files;  // where objects lie on disk
};

inline std::optional<Swift> shared_swift() {
  const auto line = shared_server("swift");
  if (!line) return std::nullopt;
  const auto said = nlohmann::json::parse(*line);
  return Swift{said["url"],
               said["access_key"],
               said["secret_key"],
               said["other_access_key"],
               said["other_secret_key"],
               said["files"]};
}

}  // namespace cad::test_support
