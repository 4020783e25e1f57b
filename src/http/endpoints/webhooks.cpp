// SPDX-License-Identifier: Apache-2.0
// Registered webhook receivers of the caller's account.
#include "http/endpoints/endpoints.hpp"
#include "http/json_form.hpp"
#include "http/views.hpp"
#include "jobs/names.hpp"
#include "webhooks/registered.hpp"

namespace cad::http {
namespace {

constexpr std::size_t kMostUrl = 512;
constexpr std::size_t kMostEndpoints = 100;
constexpr std::int64_t kMostOverlapHours = 24 * 30;

webhooks::Registered registered(const Call& call) {
  return {call.services().database, call.api.webhook_secrets, call.principal.account_id};
}

store::EndpointRepository repository(const Call& call) {
  return store::EndpointRepository(call.services().database);
}

Json endpoint_view(const store::Endpoint& endpoint) {
  return {{"id", endpoint.id},
          {"url", endpoint.url},
          {"isActive", endpoint.is_active},
          {"isDefault", endpoint.is_default},
          {"createdAt", jobs::iso_time(endpoint.created_at)},
          {"disabledAt", nullable_time(endpoint.disabled_at)},
          {"disabledReason", nullable(endpoint.disabled_reason)}};
}

std::optional<std::string> url_of(const Call& call, JsonForm& form) {
  auto url = form.maybe_text("url", kMostUrl);
  if (url)
    if (const auto fault = webhooks::url_fault(call.api.webhook_policy, *url))
      form.fault("url", *fault);
  return url;
}

Response secret_answer(const std::string& secret) {
  return json_response(200, dump({{"secret", secret}}));
}

ApiError url_taken(const Error& error) { return ApiError(409, "URL_TAKEN", error.message); }

Answer rotate_secret(Call& call, const std::string& id) {
  auto form = JsonForm::read_optional(call);
  CAD_HTTP_TRY(form);
  const auto hours = form->integer("overlapHours", 0, kMostOverlapHours);
  CAD_HTTP_TRY(form->check());
  CAD_ASSIGN(const std::string secret,
             registered(call).rotate_secret(id, std::chrono::hours(hours.value_or(24)),
                                            call.services().clock()));
  return secret_answer(secret);
}

}  // namespace

Answer get_webhooks(Call& call) {
  CAD_ASSIGN(const auto list, repository(call).list(call.principal.account_id));
  Json views = Json::array();
  for (const store::Endpoint& endpoint : list) views.push_back(endpoint_view(endpoint));
  return json_response(200, dump({{"webhooks", std::move(views)}}));
}

Answer post_webhooks(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  const auto url = url_of(call, *form);
  if (!form->has("url")) form->fault("url", "Required.");
  const bool active = form->boolean("isActive").value_or(true);
  const bool as_default = form->boolean("setAsDefault").value_or(false);
  CAD_HTTP_TRY(form->check());
  CAD_ASSIGN(const auto present, repository(call).list(call.principal.account_id));
  if (present.size() >= kMostEndpoints)
    return tl::unexpected(ApiError(409, "TOO_MANY_WEBHOOKS",
                                   "An account has at most 100 webhook endpoints; delete one."));
  auto added = registered(call).add(*url, as_default, call.services().clock());
  if (!added && added.error().code == ErrorCode::conflict)
    return tl::unexpected(url_taken(added.error()));
  CAD_TRY(added);
  if (!active) {
    CAD_TRY(
        repository(call).disable(added->endpoint.id, "Made inactive.", call.services().clock()));
    added->endpoint.is_active = false;
  }
  Json view = endpoint_view(added->endpoint);
  view["secret"] = added->secret;
  return json_response(201, dump(view));
}

Answer patch_webhook(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  const auto url = url_of(call, *form);
  const auto active = form->boolean("isActive");
  const auto as_default = form->boolean("setAsDefault");
  CAD_HTTP_TRY(form->check());
  CAD_ASSIGN(const auto endpoint, registered(call).find(call.params[0]));
  auto endpoints = repository(call);
  if (url) {
    const auto changed = endpoints.set_url(endpoint.id, *url);
    if (!changed && changed.error().code == ErrorCode::conflict)
      return tl::unexpected(ApiError(409, "URL_TAKEN", "This URL is registered already."));
    CAD_TRY(changed);
  }
  if (active && *active) CAD_TRY(endpoints.enable(endpoint.id));
  if (active && !*active)
    CAD_TRY(endpoints.disable(endpoint.id, "Made inactive.", call.services().clock()));
  if (as_default) CAD_TRY(endpoints.make_default(endpoint.id, *as_default));
  CAD_ASSIGN(const auto now, registered(call).find(endpoint.id));
  return json_response(200, dump(endpoint_view(now)));
}

Answer delete_webhook(Call& call) {
  CAD_ASSIGN(const auto endpoint, registered(call).find(call.params[0]));
  CAD_TRY(repository(call).remove(endpoint.id));
  return no_content();
}

Answer get_webhook_secret(Call& call) {
  CAD_ASSIGN(const std::string secret, registered(call).secret(""));
  return secret_answer(secret);
}

Answer post_webhook_secret(Call& call) { return rotate_secret(call, ""); }

Answer post_endpoint_secret(Call& call) { return rotate_secret(call, call.params[0]); }

}  // namespace cad::http
