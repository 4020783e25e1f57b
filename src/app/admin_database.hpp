// SPDX-License-Identifier: Apache-2.0
// The database of a data directory, for commands that work beside a running server.
#pragma once

#include <memory>
#include <string>

#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::app {

// NOT_FOUND: no service has run on this directory yet.
Result<std::unique_ptr<store::Database>> open_database(const std::string& data, store::UnixMs now);

}  // namespace cad::app
