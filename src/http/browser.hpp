// SPDX-License-Identifier: Apache-2.0
// What only browsers need: cookies, and the proof that a request is not some other site's.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "http/call.hpp"

namespace cad::http {

// "__Host-": a browser takes them over https only (or on this machine) and for this host alone.
inline constexpr std::string_view kAccessCookie = "__Host-cadlens_access";
inline constexpr std::string_view kRefreshCookie = "__Host-cadlens_refresh";

// None also when there are two of the name: one of them is somebody else's.
std::optional<std::string_view> cookie(const Request& request, std::string_view name);

enum class SameSite { strict, lax };
// Out of reach for scripts. An empty value takes the cookie away.
void set_cookie(Response& response, std::string_view name, std::string_view value,
                std::chrono::seconds life, SameSite same_site);

// True for requests that change nothing, and for those that the browser says, or their Origin
// shows, come from this very origin.
bool is_same_origin(const Call& call);

}  // namespace cad::http
