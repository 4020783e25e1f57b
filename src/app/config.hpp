// SPDX-License-Identifier: Apache-2.0
// What the operator may choose.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "oauth/provider.hpp"
#include "rate/gcra.hpp"

namespace cad::app {

struct WebhookConfig {
  bool allow_http = false;
  std::vector<std::string> allow;  // networks that may be called though they are not public
  std::string resolver;            // DNS server; empty: the system's way
  std::string ca_file;             // empty: the system's certificates
  std::int64_t retry_hours = 24;
  std::size_t senders = 8;  // deliveries at the same time
};

// User and password: CADLENS_SMTP_USER, CADLENS_SMTP_PASSWORD or CADLENS_SMTP_PASSWORD_FILE.
struct MailConfig {
  std::string smtp_url, from;  // without a URL no mail is sent
  std::string ca_file;
  std::string owner;                // who is told about the service itself
  std::int64_t grace_seconds = 30;  // before a mail about a job, as somebody may be watching it
};

// What this process does of the service.
enum class Role : std::uint8_t { all, api, worker };

struct Config {
  std::string data = "cadlens-data";         // database, keys, stored objects
  std::string listen = "127.0.0.1:3001";     // port 0: any free one; or "unix:" and a path
  std::string socket_mode = "0600";          // of the socket file
  std::string tls_cert, tls_key;             // PEM files; empty: no TLS
  std::string http_redirect;                 // ADDRESS:PORT of the listener that points to https
  std::vector<std::string> trusted_proxies;  // addresses, networks, "unix"
  bool proxy_terminates_tls = false;
  std::string proxy_header = "x-forwarded";
  std::size_t max_connections = 1024;
  std::size_t max_connections_per_address = 256;
  rate::Rules rates;
  std::string plans_file;       // JSON; empty: the built-in plans
  std::string owner_key_file;   // receives the first API key, mode 0600
  std::string owner_link_file;  // receives the owner's sign-in link, see app/owner.hpp; empty: none
  std::string public_url;       // for the links in answers; empty: as clients call us
  std::vector<std::string> security_contacts;  // mailto:, https: or tel: URIs, for security.txt
  std::string worker;                          // executable; empty: the one beside ours
  std::size_t workers = 0;                     // of one account at a time; 0: one a processor
  std::uint64_t job_memory = 2ull << 30;       // bytes a job may use
  std::uint32_t preview_px = 2048;             // longer side; 0: no previews
  std::int64_t job_cpu_seconds = 120, job_wall_seconds = 180;
  std::uint64_t max_upload_bytes = 1ull << 30;
  std::int64_t max_waiting_jobs = 10'000;
  int max_uploads = 32;                          // at the same time
  std::int64_t upload_retention_hours = 24 * 7;  // of uploads not retrieved before; 1 to 168
  std::int64_t retention_hours = 24 * 7;         // of results and previews; 1 to 168
  Role role = Role::all;
  std::int64_t drain_seconds = 0;   // between "not ready" and the end, for load balancers to see it
  std::int64_t finish_seconds = 0;  // that running jobs get to end before they are handed back
  std::size_t account_jobs = 0;     // of one account at a time on all nodes; 0: no limit
  std::uint64_t node_memory = 0;  // bytes that the jobs of this node may use together; 0: no limit
  std::int64_t lease_seconds = 30;      // after which a silent node's jobs are another's
  std::string clock_file;               // for tests; see make_clock()
  std::string metrics;                  // ADDRESS:PORT of the listener for Prometheus; empty: none
  bool metrics_public = false;          // it may be an address that is not private
  std::string log_format = "text";      // or "json"
  std::string registration = "closed";  // or "invite", "open"
  WebhookConfig webhooks;
  MailConfig mail;
  oauth::Settings oauth;  // whom users may sign in with
};

struct Address {
  std::string host;  // without brackets
  std::uint16_t port = 0;
  bool loopback = false;
};
// "127.0.0.1:3001", "[::1]:3001", "localhost:3001". INVALID_ARGUMENT.
Result<Address> parse_address(std::string_view text);

// INVALID_ARGUMENT with the reason: what app/transport.hpp does not judge.
Result<void> check(const Config& config);

}  // namespace cad::app
