// SPDX-License-Identifier: Apache-2.0
// What GET /ready looks at.
#pragma once

#include <string_view>

#include "health/probe.hpp"
#include "jobs/services.hpp"

namespace cad::http {

inline constexpr std::string_view kDatabasePart = "db", kStorePart = "store";

// Database and object store, both vital. Whoever wires other backends adds theirs.
void add_standard_parts(health::Readiness& readiness, const jobs::Services& services);

// A check that says in the log when `what` goes away and when it is back.
health::Probe::Check watched(const jobs::Services& services, std::string_view what,
                             health::Probe::Check check);

}  // namespace cad::http
