// SPDX-License-Identifier: Apache-2.0
#include "app/config.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "app/backends.hpp"
#include "base/limits.hpp"
#include "logging/formatter.hpp"

namespace cad::app {
namespace {

constexpr std::uint64_t kLeastJobMemory = 64 << 20;

bool is_loopback(const std::string& host) {
  in_addr four{};
  if (::inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  in6_addr six{};
  if (::inet_pton(AF_INET6, host.c_str(), &six) == 1) return IN6_IS_ADDR_LOOPBACK(&six);
  return false;
}

bool is_address(const std::string& host) {
  in6_addr any{};
  return ::inet_pton(AF_INET, host.c_str(), &any) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &any) == 1;
}

// RFC 9116, 2.5.3: a URI; on the web only https.
bool is_contact(std::string_view uri) {
  const bool known =
      uri.starts_with("mailto:") || uri.starts_with("https://") || uri.starts_with("tel:");
  return known && uri.size() <= 300 && uri.find(':') + 1 < uri.size() &&
         std::all_of(uri.begin(), uri.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::invalid_argument, std::move(message));
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  const std::string_view port = colon == text.npos ? "" : text.substr(colon + 1);
  Address address;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (port.empty() || error != std::errc() || end != port.data() + port.size())
    return refuse("\"" + std::string(text) + "\" is not ADDRESS:PORT, like 127.0.0.1:3001.");
  std::string_view host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  address.host = host == "localhost" ? "127.0.0.1" : std::string(host);
  if (!is_address(address.host))
    return refuse("\"" + std::string(host) + "\" is not an IP address to listen on.");
  address.loopback = is_loopback(address.host);
  return address;
}

namespace {

Result<void> check_metrics(const Config& config) {
  if (config.metrics.empty()) return {};
  CAD_ASSIGN(const Address address, parse_address(config.metrics));
  if (config.metrics_public || is_private_address(address.host)) return {};
  return refuse("--metrics " + config.metrics +
                " would show this service's numbers to everybody who can reach it. Give a loopback "
                "or private address, or add --metrics-public if a firewall or a network policy "
                "stands in front.");
}

}  // namespace

Result<void> check(const Config& config) {
  for (const std::int64_t hours : {config.upload_retention_hours, config.retention_hours})
    if (hours < 1 || hours > 24 * 7)
      return refuse("Uploads and results are kept for 1 to 168 hours (7 days), not for " +
                    std::to_string(hours) + ".");
  CAD_TRY(check_metrics(config));
  CAD_TRY(logging::parse_log_format(config.log_format));
  if (config.max_upload_bytes < 1) return refuse("The upload limit must be at least one byte.");
  if (config.webhooks.retry_hours < 0 || config.webhooks.retry_hours > 24 * 30)
    return refuse("Webhooks can be tried again for 0 to 720 hours.");
  if (config.webhooks.senders < 1 || config.webhooks.senders > 256)
    return refuse("From 1 to 256 webhooks can be sent at a time.");
  if (config.mail.grace_seconds < 0) return refuse("The pause before a mail cannot be negative.");
  if (config.workers > 1024) return refuse("At most 1024 jobs can run at a time.");
  if (config.job_memory < kLeastJobMemory)
    return refuse("A job needs at least 64 MB of memory (--job-memory).");
  if (config.job_cpu_seconds < 1 || config.job_wall_seconds < 1)
    return refuse("A job needs at least one second (--job-cpu-seconds, --job-wall-seconds).");
  if (config.preview_px != 0 &&
      (config.preview_px < 16 || config.preview_px > Limits{}.max_image_px))
    return refuse(
        "Previews are 16 to 16384 pixels on their longer side, or 0: none "
        "(--preview-px).");
  if (config.drain_seconds < 0 || config.drain_seconds > 3600 || config.finish_seconds < 0 ||
      config.finish_seconds > 3600)
    return refuse("A stop can wait for 0 to 3600 seconds (--drain-seconds, --finish-seconds).");
  if (config.lease_seconds < 3 || config.lease_seconds > 3600)
    return refuse("A lease is 3 to 3600 seconds long (--lease-seconds).");
  for (const std::string& contact : config.security_contacts)
    if (!is_contact(contact))
      return refuse("\"" + contact +
                    "\" is no security contact; give a URI like mailto:security@example.com or "
                    "https://example.com/report.");
  return {};
}

}  // namespace cad::app
