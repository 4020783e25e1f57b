// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "auth/api_key.hpp"
#include "base/result.hpp"
#include "store/records.hpp"

namespace cad::app {

// With an id of its own; account, name and scopes are the caller's to set.
store::ApiKey record_of(const auth::NewKey& made, store::UnixMs now);

// Into a file of mode 0600, whatever it was before. IO.
Result<void> write_private(const std::string& path, const std::string& text);

}  // namespace cad::app
