// SPDX-License-Identifier: Apache-2.0
// Other machines that keep the service's data: what may be configured of them.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cad::app {

// The addresses of a host name; empty: unknown.
using LookUp = std::function<std::vector<std::string>(const std::string& host)>;

// INVALID_ARGUMENT unless the connection is encrypted or stays on a private network: `rediss://`,
// `https://`, `postgresql://...?sslmode=verify-full` (or verify-ca), or a host all of whose
// addresses are private. `variable` names the setting; the URL may hold a password and is never
// part of the message.
Result<void> check_backend(const std::string& variable, std::string_view url,
                           const LookUp& look_up);
// With the system's look-up of names.
Result<void> check_backend(const std::string& variable, std::string_view url);

// CADLENS_DATABASE_URL, CADLENS_REDIS_URL and CADLENS_S3_URL (or their _FILE). This version keeps
// everything in its data directory: one that is set is refused, an open one for that reason.
Result<void> check_backends();

}  // namespace cad::app
