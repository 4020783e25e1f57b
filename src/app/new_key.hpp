// SPDX-License-Identifier: Apache-2.0
// Handing a raw key over in a file.
#pragma once

#include <optional>
#include <string>

#include "auth/api_key.hpp"
#include "base/result.hpp"
#include "disk/new_file.hpp"

namespace cad::app {

// The file that receives a raw key (mode 0600), in two steps: written before the key is stored, so
// that no key is stored that nobody has, and put in place after, so that a key that is not stored
// takes no other's place. Without a path it does nothing.
class KeyFile {
 public:
  static Result<KeyFile> write(const std::string& path, const auth::NewKey& made);  // IO
  Result<void> hand_over();

 private:
  std::optional<disk::NewFile> file_;
};

}  // namespace cad::app
