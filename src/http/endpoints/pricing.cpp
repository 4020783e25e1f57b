// SPDX-License-Identifier: Apache-2.0
#include "http/endpoints/endpoints.hpp"
#include "http/views.hpp"
#include "jobs/quota.hpp"

namespace cad::http {

Answer get_pricing(Call& call) {
  Json plans = Json::array();
  for (const plans::Plan& plan : call.services().plans->all()) {
    if (!plan.active) continue;
    jobs::Terms terms;
    if (plan.max_file_bytes) terms.max_file_bytes = *plan.max_file_bytes;
    Json view{{"name", plan.name}, {"label", plan.label}};
    view["requestsPerMonth"] = plan.requests_per_month ? Json(*plan.requests_per_month) : Json();
    view["maxFileBytes"] = jobs::most_file_bytes(call.services(), terms);
    view["price"] = plan.price ? Json{{"amount", plan.price->amount},
                                      {"currency", plan.price->currency},
                                      {"interval", plan.price->interval}}
                               : Json();
    plans.push_back(std::move(view));
  }
  return json_response(200, dump({{"plans", std::move(plans)}}));
}

}  // namespace cad::http
