// SPDX-License-Identifier: Apache-2.0
// What became of webhooks, tests of endpoints, and sending again.
#include "crypto/bytes.hpp"
#include "http/endpoints/endpoints.hpp"
#include "http/views.hpp"
#include "jobs/event_payload.hpp"
#include "jobs/names.hpp"
#include "jobs/status.hpp"
#include "store/delivery_log.hpp"
#include "store/webhook_tests.hpp"
#include "webhooks/registered.hpp"
#include "webhooks/sender.hpp"

namespace cad::http {
namespace {

using store::DeliveryState;

// Only the deletion of its job skips a webhook, and takes the delivery with it soon.
std::string_view state_name(DeliveryState state) {
  switch (state) {
    case DeliveryState::pending: return "pending";
    case DeliveryState::delivered: return "delivered";
    case DeliveryState::skipped:
    case DeliveryState::failed: break;
  }
  return "failed";
}

std::optional<DeliveryState> parse_state(std::string_view text) {
  for (const auto state : {DeliveryState::pending, DeliveryState::delivered, DeliveryState::failed})
    if (text == state_name(state)) return state;
  return std::nullopt;
}

Json delivery_view(const store::LoggedDelivery& delivery) {
  const bool delivered = delivery.state == DeliveryState::delivered;
  const store::Event& event = delivery.event;
  return {{"id", delivery.id},
          {"webhookId", nullable(delivery.endpoint_id)},
          {"url", nullable(delivery.url)},
          {"event", std::string(to_string(event.name))},
          {"jobId", event.job_id.empty() ? Json() : Json(event.job_id)},
          {"eventId", event.id},
          {"sequence", event.sequence},
          {"state", std::string(state_name(delivery.state))},
          {"attempts", delivery.attempts},
          {"lastStatus", delivery.last_status ? Json(*delivery.last_status) : Json()},
          {"lastError", nullable(delivery.last_error)},
          {"createdAt", jobs::iso_time(delivery.created_at)},
          {"nextTryAt", nullable_time(delivery.next_at)},
          {"deliveredAt", delivered ? nullable_time(delivery.ended_at) : Json()}};
}

store::DeliveryQuery read_query(const Call& call, FieldErrors& errors) {
  const Request& request = call.request;
  store::DeliveryQuery query;
  query.account_id = call.principal.account_id;
  query.limit = query_integer(request, "limit", 1, 100, 50, errors);
  if (const auto id = request.query_value("webhookId")) query.endpoint_id = std::string(*id);
  if (const auto text = request.query_value("state")) {
    query.state = parse_state(*text);
    if (!query.state) errors.fields["state"].push_back("Must be pending, delivered or failed.");
  }
  if (const auto text = request.query_value("cursor")) {
    query.after = jobs::decode_cursor(*text);
    if (!query.after)
      errors.fields["cursor"].push_back("Must be a nextCursor of an earlier answer.");
  }
  return query;
}

// As it would be sent now: links in it are signed anew. None: its job has no result any more.
Result<std::optional<std::string>> payload_of(const Call& call, const store::Event& event) {
  if (event.name == store::EventName::test) return std::optional(webhooks::test_body(event.id));
  auto payload = jobs::event_payload(call.services(), event, call.base_url());
  if (!payload && payload.error().code == ErrorCode::not_found) return std::optional<std::string>();
  if (!payload) return tl::unexpected(payload.error());
  return std::optional(std::move(*payload));
}

Response queued(const std::string& id) { return json_response(202, dump({{"deliveryId", id}})); }

}  // namespace

Answer post_webhook_test(Call& call) {
  webhooks::Registered registered{call.services().database, call.api.webhook_secrets,
                                  call.principal.account_id};
  CAD_ASSIGN(const auto endpoint, registered.find(call.params[0]));
  const store::WebhookTest test{"tst_" + crypto::random_hex(12), crypto::random_uuid(),
                                call.principal.account_id, endpoint.id, call.services().clock()};
  CAD_TRY(store::WebhookTestRepository(call.services().database).add(test));
  return queued(test.id);
}

Answer get_deliveries(Call& call) {
  FieldErrors errors;
  const store::DeliveryQuery query = read_query(call, errors);
  if (!errors.empty()) return tl::unexpected(validation_error(std::move(errors)));
  CAD_ASSIGN(const auto page, store::DeliveryLog(call.services().database).list(query));
  Json views = Json::array();
  for (const auto& delivery : page.deliveries) views.push_back(delivery_view(delivery));
  Json next;
  if (page.next) next = jobs::encode_cursor(*page.next);
  return json_response(200,
                       dump({{"deliveries", std::move(views)}, {"nextCursor", std::move(next)}}));
}

Answer get_delivery(Call& call) {
  store::DeliveryLog log(call.services().database);
  CAD_ASSIGN(const auto delivery, log.find(call.principal.account_id, call.params[0]));
  CAD_ASSIGN(const auto payload, payload_of(call, delivery.event));
  Json view = delivery_view(delivery);
  view["payload"] = nullable(payload);
  return json_response(200, dump(view));
}

Answer post_resend(Call& call) {
  CAD_TRY(store::DeliveryLog(call.services().database)
              .resend(call.principal.account_id, call.params[0], call.services().clock()));
  return queued(call.params[0]);
}

}  // namespace cad::http
