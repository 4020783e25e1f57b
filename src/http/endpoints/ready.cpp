// SPDX-License-Identifier: Apache-2.0
// Does the process live, may it be sent work, and behind which walls would that be done? For load
// balancers and orchestrators: without a key, without names of hosts, without reasons.
#include "http/endpoints/endpoints.hpp"
#include "http/readiness.hpp"
#include "http/views.hpp"

namespace cad::http {
namespace {

Json isolation_view(const Api& api) {
  const sandbox::Isolation& walls = api.isolation;
  // No node that parses drawings starts without it: this one parses none.
  if (!walls.seccomp) return nullptr;
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

}  // namespace

// 200 as long as the process works: one whose database is away shall not be restarted for that.
Answer get_health(Call& call) {
  const bool alive = call.api.readiness->is_good(std::string(kDatabasePart));
  return json_response(200, dump({{"status", "ok"}, {"db", alive ? "ok" : "down"}}));
}

Answer get_ready(Call& call) {
  bool good = true;  // with too few walls around its workers no node starts at all
  Json view{{"status", ""}};
  Json degraded = Json::array();
  for (const auto& part : call.api.readiness->report()) {
    const bool vital = part.weight == health::Readiness::Weight::vital;
    view[part.name] = part.good ? "ok" : vital ? "down" : "degraded";
    if (!part.good && !vital) degraded.push_back(part.name);
    if (!part.good && vital) good = false;
  }
  const bool draining = call.api.draining;
  view["status"] = draining ? "draining" : good ? "ready" : "not ready";
  view["degraded"] = std::move(degraded);
  view["isolation"] = isolation_view(call.api);
  Response response = json_response(good && !draining ? 200 : 503, dump(view));
  if (response.status == 503) response.headers.set("Retry-After", "5");
  return response;
}

}  // namespace cad::http
