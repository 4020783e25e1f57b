// SPDX-License-Identifier: Apache-2.0
#include "app/backends.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "blobs/s3_store.hpp"
#include "jobs/previews.hpp"
#include "secrets/environment.hpp"
#include "store/postgres.hpp"
#include "webhooks/address.hpp"

namespace cad::app {
namespace {

constexpr int kDatabaseConnections = 24;  // of one node
constexpr std::array<std::string_view, 7> kPrivate{
    "10.0.0.0/8",     "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8",
    "169.254.0.0/16", "fc00::/7",      "::1/128"};

bool is_private(const webhooks::Address& address) {
  return std::any_of(kPrivate.begin(), kPrivate.end(), [&](std::string_view net) {
    return webhooks::contains(*webhooks::parse_cidr(net), address);
  });
}

bool is_private_host(const std::string& host, const LookUp& look_up) {
  if (host.empty() || host.front() == '/') return true;  // a Unix socket
  if (const auto address = webhooks::parse_address(host)) return is_private(*address);
  const auto found = look_up(host);
  return !found.empty() && std::all_of(found.begin(), found.end(), [](const std::string& text) {
    const auto address = webhooks::parse_address(text);
    return address && is_private(*address);
  });
}

std::string host_of(std::string_view authority) {
  authority.remove_prefix(authority.rfind('@') == authority.npos ? 0 : authority.rfind('@') + 1);
  if (authority.starts_with('[')) return std::string(authority.substr(1, authority.find(']') - 1));
  return std::string(authority.substr(0, authority.find(':')));
}

// The parameters of libpq that say whom it speaks with instead of the URL's host.
bool names_other_hosts(std::string_view query) {
  const std::string all = "&" + std::string(query);
  for (const char* name : {"&host=", "&hostaddr=", "&service=", "&servicefile="})
    if (all.find(name) != std::string::npos) return true;
  return false;
}

// libpq's other modes either do not encrypt or do not look whom they speak with; of several it
// takes the last.
bool verifies_tls(std::string_view query) {
  const std::string all = "&" + std::string(query);
  const auto last = all.rfind("&sslmode=");
  return last != std::string::npos && all.compare(last, 16, "&sslmode=verify-") == 0;
}

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::invalid_argument, std::move(message));
}

std::vector<std::string> system_look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  std::vector<std::string> all;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next)
    if (const auto address = webhooks::from_sockaddr(at->ai_addr))
      all.push_back(webhooks::to_string(*address));
  ::freeaddrinfo(found);
  return all;
}

}  // namespace

bool is_private_address(const std::string& host) {
  const auto address = webhooks::parse_address(host);
  return address && is_private(*address);
}

Result<void> check_backend(const std::string& variable, std::string_view url,
                           const LookUp& look_up) {
  const auto colon = url.find("://");
  if (colon == url.npos) return refuse(variable + " must be a URL like postgresql://host/name.");
  const std::string_view scheme = url.substr(0, colon);
  std::string_view rest = url.substr(colon + 3);
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  const std::string host = host_of(rest.substr(0, end));
  const auto question = rest.find('?');
  const std::string_view query = question == rest.npos ? "" : rest.substr(question + 1);
  const bool postgres = scheme == "postgresql" || scheme == "postgres";
  if (!postgres && scheme != "redis" && scheme != "rediss" && scheme != "http" && scheme != "https")
    return refuse(variable +
                  " must begin with postgresql://, rediss://, redis://, https:// or http://.");
  if (postgres && names_other_hosts(query))
    return refuse(variable + " must name its host before the path, not among its parameters.");
  const bool encrypted =
      scheme == "rediss" || scheme == "https" || (postgres && verifies_tls(query));
  if (encrypted || is_private_host(host, look_up)) return {};
  return refuse(variable +
                " would reach its host over a public network unencrypted. Use TLS (rediss://, "
                "https://, postgresql://...?sslmode=verify-full) or a host on a private network.");
}

Result<BackendUrls> take_backend_urls() {
  BackendUrls urls;
  const auto take = [](const std::string& variable) -> Result<std::optional<Secret>> {
    CAD_ASSIGN(auto url, secrets::secret_from_environment(variable));
    if (url) CAD_TRY(check_backend(variable, url->text(), system_look_up));
    return url;
  };
  CAD_ASSIGN(urls.database, take("CADLENS_DATABASE_URL"));
  CAD_ASSIGN(urls.redis, take("CADLENS_REDIS_URL"));
  CAD_ASSIGN(urls.s3, take("CADLENS_S3_URL"));
  if (urls.s3) {
    CAD_ASSIGN(urls.s3_credentials, s3::credentials_from_environment());
  }
  return urls;
}

Result<std::unique_ptr<store::Database>> open_database(const BackendUrls& urls,
                                                       const std::string& data) {
  if (!urls.database) return store::open_sqlite(data + "/cadlens.db");
  store::PostgresOptions options;
  options.url = std::string(urls.database->text());
  options.pool = kDatabaseConnections;
  return store::open_postgres(options);
}

Result<std::unique_ptr<blobs::ManagedStore>> open_objects(
    const BackendUrls& urls, const std::string& data, std::shared_ptr<secrets::KeySource> masters,
    spdlog::logger* log) {
  if (!urls.s3) return blobs::open_local_store(data + "/blobs", std::move(masters));
  blobs::S3StoreOptions options;
  CAD_ASSIGN(options.settings, s3::parse_settings(urls.s3->text()));
  options.credentials = urls.s3_credentials;
  options.client.log = log;
  options.linked = jobs::is_preview_key;
  return blobs::open_s3_store(std::move(options), std::move(masters));
}

Result<std::string> image_origin(const BackendUrls& urls) {
  if (!urls.s3) return std::string();
  CAD_ASSIGN(const s3::Settings settings, s3::parse_settings(urls.s3->text()));
  return settings.public_url;
}

}  // namespace cad::app
