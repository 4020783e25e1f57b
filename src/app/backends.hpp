// SPDX-License-Identifier: Apache-2.0
// Other machines that keep the service's data: what may be configured of them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "blobs/blob_store.hpp"
#include "s3/sigv4.hpp"
#include "store/database.hpp"

namespace spdlog {
class logger;
}

namespace cad::app {

// Loopback, or of a network that is not routed on the internet.
bool is_private_address(const std::string& host);

// The addresses of a host name; empty: unknown.
using LookUp = std::function<std::vector<std::string>(const std::string& host)>;

// INVALID_ARGUMENT unless the connection is encrypted or stays on a private network: `rediss://`,
// `https://`, `postgresql://...?sslmode=verify-full` (or verify-ca), or a host all of whose
// addresses are private. `variable` names the setting; the URL may hold a password and is never
// part of the message.
Result<void> check_backend(const std::string& variable, std::string_view url,
                           const LookUp& look_up);

// As the environment names them; none: the data directory, this process.
struct BackendUrls {
  std::optional<Secret> database, redis, s3;
  std::shared_ptr<const s3::Credentials> s3_credentials;  // with `s3`

  bool many_nodes() const { return database.has_value(); }
};
// Takes CADLENS_DATABASE_URL, CADLENS_REDIS_URL and CADLENS_S3_URL (or their _FILE) and the
// credentials of S3 out of the environment, checked as above; before there are threads.
Result<BackendUrls> take_backend_urls();

// PostgreSQL, or SQLite in `data`.
Result<std::unique_ptr<store::Database>> open_database(const BackendUrls& urls,
                                                       const std::string& data);
// S3, or the data directory.
Result<std::unique_ptr<blobs::ManagedStore>> open_objects(
    const BackendUrls& urls, const std::string& data, std::shared_ptr<secrets::KeySource> masters,
    spdlog::logger* log);
// Where links to previews lead, when that is not this service: "https://s3.example.com"; else
// empty.
Result<std::string> image_origin(const BackendUrls& urls);

}  // namespace cad::app
