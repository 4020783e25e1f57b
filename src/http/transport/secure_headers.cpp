// SPDX-License-Identifier: Apache-2.0
#include "http/transport/secure_headers.hpp"

namespace cad::http {

void add_secure_headers(Headers& headers, bool https) {
  const auto fill = [&headers](std::string_view name, std::string_view value) {
    if (!headers.find(name)) headers.add(name, value);
  };
  headers.set("X-Content-Type-Options", "nosniff");
  fill("X-Frame-Options", "DENY");
  fill("Referrer-Policy", "no-referrer");
  fill("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  fill("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
  fill("Cross-Origin-Opener-Policy", "same-origin");
  fill("Cache-Control", "no-store");
  headers.remove("Strict-Transport-Security");
  if (https) headers.add("Strict-Transport-Security", "max-age=63072000");  // two years
}

}  // namespace cad::http
