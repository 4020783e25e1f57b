// SPDX-License-Identifier: Apache-2.0
// May this server be sent work, and behind which walls would it be done? For load balancers.
#include "http/endpoints/endpoints.hpp"
#include "http/views.hpp"

namespace cad::http {

Answer get_ready(Call& call) {
  const sandbox::Isolation& walls = call.api.isolation;
  const bool alive = call.services().database.read("SELECT 1", {}).has_value();
  Json missing = Json::array();
  for (const std::string_view layer : sandbox::missing_layers(walls))
    missing.push_back(std::string(layer));
  const Json isolation = {{"seccomp", walls.seccomp},
                          {"noNewPrivs", walls.no_new_privs},
                          {"rlimits", walls.rlimits},
                          {"capabilitiesDropped", walls.capabilities},
                          {"notDumpable", walls.not_dumpable},
                          {"landlock", walls.landlock},
                          {"emptyRoot", walls.empty_root},
                          {"namespaces", walls.namespaces},
                          {"controlGroups", call.api.control_groups},
                          {"missing", std::move(missing)}};
  return json_response(alive ? 200 : 503, dump({{"status", alive ? "ready" : "not ready"},
                                                {"db", alive ? "ok" : "down"},
                                                {"isolation", isolation}}));
}

}  // namespace cad::http
