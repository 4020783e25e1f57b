// SPDX-License-Identifier: Apache-2.0
// The service's own keys.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/data_dir.hpp"
#include "oauth/provider.hpp"
#include "secrets/key_ring.hpp"

namespace cad::app {

struct Keys {
  std::shared_ptr<secrets::KeySource> master, signing;
  std::string smtp_user;
  std::optional<Secret> smtp_password;
  oauth::ClientSecrets oauth;
  bool locked = false;  // in memory; see Secret::locked()
};
// From environment or data directory. Once, and while there is one
// thread: the environment is cleared of secrets on the way, also of those of other commands.
// `missing`: whether a key that is nowhere is made; never by one of many nodes, as two would make
// two.
Result<Keys> take_keys(const DataDir& data, secrets::Missing missing);

}  // namespace cad::app
