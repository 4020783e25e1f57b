// SPDX-License-Identifier: Apache-2.0
#include "http/call.hpp"

#include <algorithm>
#include <array>

namespace cad::http {

tl::expected<std::string, ApiError> Call::read_body() const {
  std::string text;
  std::array<std::byte, 4096> block;
  while (true) {
    const auto count = request.body->read(block);
    if (!count && count.error().code == ErrorCode::io)
      return tl::unexpected(ApiError(400, "INCOMPLETE_REQUEST", count.error().message));
    if (!count)
      return tl::unexpected(
          ApiError(413, "BODY_TOO_LARGE", "A JSON body here has at most 64 KiB."));
    if (*count == 0) return text;
    text.append(reinterpret_cast<const char*>(block.data()), *count);
  }
}

std::string Api::plan_name(const store::AccountState& account) const {
  return account.plan.value_or(services.plans->standard().name);
}

std::string Call::base_url() const {
  if (!services().settings.public_url.empty()) return services().settings.public_url;
  const auto host = request.headers.find("Host");
  const bool plain = host && !host->empty() && host->size() <= 255 &&
                     std::all_of(host->begin(), host->end(), [](char c) {
                       return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                              (c >= 'A' && c <= 'Z') ||
                              std::string_view(".-_:[]").find(c) != std::string_view::npos;
                     });
  return (request.https ? "https://" : "http://") +
         (plain ? std::string(*host) : std::string("localhost"));
}

}  // namespace cad::http
