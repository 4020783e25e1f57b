// SPDX-License-Identifier: Apache-2.0
#include "app/metrics_server.hpp"

#include <spdlog/spdlog.h>

#include <atomic>

#include "health/probe.hpp"
#include "http/api_error.hpp"
#include "metrics/decorators.hpp"

namespace cad::app {
namespace {

constexpr std::chrono::seconds kCountEvery{5};

http::Response answer(metrics::Registry& registry, const http::Request& request) {
  if (request.method != "GET" || request.path() != "/metrics")
    return http::to_response(http::ApiError(404, "NOT_FOUND", "Here is GET /metrics alone."), "-");
  http::Response response;
  response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = registry.text();
  return response;
}

}  // namespace

// How long the queue is, asked of the database at most every few seconds, and never waited for
// long.
struct MetricsServer::Waiting {
  Waiting(queue::Queue& queue, metrics::Registry& registry)
      : probe(
            [this, &queue]() -> Result<void> {
              CAD_ASSIGN(const std::int64_t count, queue.waiting());
              jobs = count;
              return {};
            },
            {kCountEvery, std::chrono::milliseconds(500)}) {
    const auto gauge = registry.gauge(
        "cadlens_queue_waiting", "Jobs that wait, of all nodes; the same number on each of them.");
    registry.on_collect([this, gauge] {
      (void)probe.state();  // away: the last known count stands
      gauge.set(static_cast<double>(jobs.load()));
    });
  }
  std::atomic<std::int64_t> jobs = 0;
  health::Probe probe;
};

MetricsServer::MetricsServer(http::ServerOptions options) : options_(std::move(options)) {
  metrics_ = std::make_unique<metrics::Metrics>();
  metrics::add_process_metrics(metrics_->registry, CADLENS_VERSION);
}

MetricsServer::~MetricsServer() { stop(); }

Result<std::unique_ptr<MetricsServer>> MetricsServer::make(const Config& config) {
  if (config.metrics.empty()) {
    std::unique_ptr<MetricsServer> off(new MetricsServer({}));
    off->metrics_.reset();
    return off;
  }
  CAD_ASSIGN(const Address address, parse_address(config.metrics));
  http::ServerOptions options;
  options.address = address.host;
  options.port = address.port;
  options.threads = 2;
  options.max_connections = 32;
  options.max_connections_per_address = 32;
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(options)));
}

store::Database& MetricsServer::around(store::Database& database) {
  if (!metrics_) return database;
  database_ = metrics::measured(database, metrics_->registry);
  return *database_;
}

blobs::BlobStore& MetricsServer::around(blobs::BlobStore& blobs) {
  if (!metrics_) return blobs;
  blobs_ = metrics::measured(blobs, metrics_->registry);
  return *blobs_;
}

rate::Limiter& MetricsServer::around(rate::Limiter& limiter) {
  if (!metrics_) return limiter;
  limiter_ = metrics::measured(limiter, metrics_->registry);
  return *limiter_;
}

Result<void> MetricsServer::start(const jobs::Services& services, const sandbox::Spares* spares) {
  if (!metrics_) return {};
  metrics::Registry& registry = metrics_->registry;
  waiting_ = std::make_unique<Waiting>(services.queue, registry);
  if (spares != nullptr) {
    const auto gauge =
        registry.gauge("cadlens_spare_workers", "Workers that are started and wait for a job.");
    registry.on_collect([spares, gauge] { gauge.set(static_cast<double>(spares->waiting())); });
  }
  server_ = http::make_server(
      options_, [&registry](http::Request& request) { return answer(registry, request); });
  CAD_TRY(server_->start());
  services.log.info("event=metrics address={} port={}", options_.address, server_->port());
  return {};
}

void MetricsServer::stop() {
  if (server_) server_->stop(std::chrono::milliseconds(500));
  server_.reset();
  waiting_.reset();
}

}  // namespace cad::app
