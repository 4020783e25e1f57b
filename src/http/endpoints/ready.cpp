// SPDX-License-Identifier: Apache-2.0
// Does the process work, is the service well, may this node be sent work, and behind which walls
// would that be done? For load balancers and orchestrators: without a key, without names of hosts,
// without reasons.
#include "http/endpoints/endpoints.hpp"
#include "http/readiness.hpp"
#include "http/views.hpp"

namespace cad::http {
namespace {

Json isolation_view(const Api& api) {
  if (!api.isolation) return nullptr;
  const sandbox::Isolation& walls = *api.isolation;
  Json missing = Json::array();
  for (const std::string_view layer : sandbox::missing_layers(walls))
    missing.push_back(std::string(layer));
  return {{"seccomp", walls.seccomp},
          {"noNewPrivs", walls.no_new_privs},
          {"rlimits", walls.rlimits},
          {"capabilitiesDropped", walls.capabilities},
          {"notDumpable", walls.not_dumpable},
          {"landlock", walls.landlock},
          {"emptyRoot", walls.empty_root},
          {"namespaces", walls.namespaces},
          {"controlGroups", api.control_groups},
          {"missing", std::move(missing)}};
}

Response said(bool good, const Json& view) {
  Response response = json_response(good ? 200 : 503, dump(view));
  if (!good) response.headers.set("Retry-After", std::to_string(kRetryAfter));
  return response;
}

}  // namespace

// It asks for nothing: a process whose database is away shall not be restarted for that.
Answer get_live(Call&) { return said(true, {{"status", "ok"}}); }

Answer get_health(Call& call) {
  const bool good = call.api.readiness.is_good(kDatabasePart);
  return said(good, {{"status", good ? "ok" : "error"}, {"db", good ? "ok" : "down"}});
}

Answer get_ready(Call& call) {
  bool good = true;  // with too few walls around its workers no node starts at all
  Json view{{"status", ""}};
  Json degraded = Json::array();
  for (const auto& part : call.api.readiness.report()) {
    const bool vital = part.weight == health::Readiness::Weight::vital;
    view[part.name] = part.good ? "ok" : vital ? "down" : "degraded";
    if (!part.good && !vital) degraded.push_back(part.name);
    if (!part.good && vital) good = false;
  }
  const bool draining = call.api.draining;
  view["status"] = draining ? "draining" : good ? "ready" : "not ready";
  view["degraded"] = std::move(degraded);
  view["isolation"] = isolation_view(call.api);
  return said(good && !draining, view);
}

}  // namespace cad::http
