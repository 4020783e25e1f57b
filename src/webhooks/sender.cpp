// SPDX-License-Identifier: Apache-2.0
#include "webhooks/sender.hpp"

#include "trace/context.hpp"
#include "webhooks/sign.hpp"

namespace cad::webhooks {
namespace {

struct Receiver {
  std::string url;
  std::string owner;  // of the secrets
  store::SealedSecrets secrets;
  std::optional<std::string> endpoint_id;
};

Sent failure(const Error& error) {
  const bool useless = error.code == ErrorCode::invalid_argument;
  return {useless ? Sent::Kind::give_up : Sent::Kind::retry, std::nullopt, error.message};
}

Sent ended(std::string why) { return {Sent::Kind::give_up, std::nullopt, std::move(why)}; }

// The registered endpoint, by its id or because the job's own URL is the same; else the URL with
// the account's secret. NOT_FOUND: removed meanwhile.
Result<std::optional<store::Endpoint>> registered(store::EndpointRepository& endpoints,
                                                  const store::Delivery& delivery) {
  if (!delivery.endpoint_id)
    return endpoints.find_by_url(delivery.event.account_id, delivery.target);
  CAD_ASSIGN(store::Endpoint endpoint, endpoints.find(*delivery.endpoint_id));
  return std::optional(std::move(endpoint));
}

Result<Receiver> account_receiver(const WebhookPorts& ports, store::EndpointRepository& endpoints,
                                  const store::Delivery& delivery) {
  const std::string& account = delivery.event.account_id;
  CAD_ASSIGN(const std::string fresh, ports.box.seal(make_secret(), account));
  CAD_ASSIGN(store::SealedSecrets own, endpoints.account_secrets(account, fresh));
  return Receiver{delivery.target, account, std::move(own), std::nullopt};
}

// The receiver's side of the trace: a step of its own for each try.
void add_trace(std::vector<std::string>& lines, const std::string& trace) {
  const auto context = trace::from_text(trace);
  if (!context) return;
  lines.push_back("traceparent: " + trace::to_traceparent(trace::next_step(*context)));
  if (!context->state.empty()) lines.push_back("tracestate: " + context->state);
}

Sent call(const WebhookPorts& ports, const Receiver& receiver, const std::string& event_id,
          const std::string& body, const std::string& trace) {
  const store::UnixMs now = ports.clock();
  const auto secrets = open_secrets(ports.box, receiver.secrets, receiver.owner, now);
  if (!secrets) return failure(secrets.error());
  const auto to = find_destination(ports.policy, ports.resolver, receiver.url);
  if (!to) return failure(to.error());
  auto lines = headers(*secrets, event_id, now / 1000, body);
  add_trace(lines, trace);
  return judge(ports.poster.post(*to, lines, body));
}

Sent send(const WebhookPorts& ports, const store::Delivery& delivery) {
  const bool is_test = delivery.event.name == store::EventName::test;
  store::EndpointRepository endpoints(ports.database);
  auto endpoint = registered(endpoints, delivery);
  if (!endpoint) {
    if (endpoint.error().code == ErrorCode::not_found)
      return ended("The endpoint has been removed.");
    return failure(endpoint.error());
  }
  Receiver receiver;
  if (*endpoint) {
    // One that is disabled may be tested before it is enabled again.
    if (!(*endpoint)->is_active && !is_test) return ended("The endpoint is disabled.");
    receiver = {(*endpoint)->url, (*endpoint)->id, (*endpoint)->secrets, (*endpoint)->id};
  } else {
    auto made = account_receiver(ports, endpoints, delivery);
    if (!made) return failure(made.error());
    receiver = std::move(*made);
  }
  const auto body =
      is_test ? Result<std::string>(test_body(delivery.event.id)) : ports.body(delivery.event);
  if (!body && body.error().code == ErrorCode::not_found)
    return {Sent::Kind::skipped, std::nullopt, "The job has been deleted."};
  if (!body) return failure(body.error());
  Sent sent = call(ports, receiver, delivery.event.id, *body, delivery.event.trace);
  if (sent.status == 410 && receiver.endpoint_id) {
    if (const auto done = endpoints.disable(*receiver.endpoint_id,
                                            "The receiver answered 410 Gone.", ports.clock());
        !done)
      sent.error += " It could not be disabled.";
  }
  return sent;
}

}  // namespace

Sent judge(const Posted& posted) {
  if (!posted.status)
    return {Sent::Kind::retry, std::nullopt, posted.error.value_or("There was no answer.")};
  const int status = *posted.status;
  if (status >= 200 && status <= 299) return {Sent::Kind::delivered, status};
  if (status == 410)
    return {Sent::Kind::give_up, status, "The receiver answered 410 Gone; it wants no more."};
  if (status >= 300 && status <= 399)
    return {Sent::Kind::retry, status,
            "The receiver answered with a redirect, which is not followed.", posted.retry_after};
  return {Sent::Kind::retry, status, "The receiver answered " + std::to_string(status) + ".",
          posted.retry_after};
}

Send webhook_sender(WebhookPorts ports) {
  return
      [ports = std::move(ports)](const store::Delivery& delivery) { return send(ports, delivery); };
}

std::string test_body(std::string_view event_id) {
  return R"({"eventId":")" + std::string(event_id) + R"(","sequence":0,"event":"webhook.test"})";
}

Sent send_test(const WebhookPorts& ports, const store::Endpoint& endpoint) {
  const Receiver receiver{endpoint.url, endpoint.id, endpoint.secrets, endpoint.id};
  const std::string event_id = crypto::random_uuid();
  return call(ports, receiver, event_id, test_body(event_id), "");
}

}  // namespace cad::webhooks
