// SPDX-License-Identifier: Apache-2.0
// The numbers of this process on a listener of their own: plain HTTP without authentication, so it
// is off by default and stays on private networks unless that is asked for.
#pragma once

#include <memory>

#include "app/config.hpp"
#include "http/server/server.hpp"
#include "jobs/services.hpp"
#include "metrics/metrics.hpp"
#include "rate/limiter.hpp"
#include "sandbox/spares.hpp"

namespace cad::app {

class MetricsServer {
 public:
  // Counts nothing when no address is configured.
  static Result<std::unique_ptr<MetricsServer>> make(const Config& config);
  ~MetricsServer();

  metrics::Metrics* metrics() const { return metrics_.get(); }  // null: off
  // With a clock beside it, when there are metrics; else as it came.
  store::Database& around(store::Database& database);
  blobs::BlobStore& around(blobs::BlobStore& blobs);
  rate::Limiter& around(rate::Limiter& limiter);

  // Serves from now on. `spares`: null where no jobs are run. Both must outlive stop().
  Result<void> start(const jobs::Services& services, const sandbox::Spares* spares);
  void stop();

 private:
  explicit MetricsServer(http::ServerOptions options);

  std::unique_ptr<metrics::Metrics> metrics_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<blobs::BlobStore> blobs_;
  std::unique_ptr<rate::Limiter> limiter_;
  http::ServerOptions options_;
  std::unique_ptr<http::Server> server_;
  struct Waiting;
  std::unique_ptr<Waiting> waiting_;
};

}  // namespace cad::app
