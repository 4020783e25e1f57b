// SPDX-License-Identifier: Apache-2.0
// Sessions as clients begin, carry on and end them.
#include "accounts/sign_in.hpp"

#include "http/browser.hpp"
#include "http/endpoints/account.hpp"
#include "http/endpoints/endpoints.hpp"
#include "http/json_form.hpp"
#include "http/rate_gate.hpp"
#include "jobs/names.hpp"

namespace cad::http {
namespace {

Json session_view(const store::SessionRecord& session, const std::string& own) {
  return {{"id", session.id},
          {"current", session.id == own},
          {"userAgent", session.user_agent},
          {"address", session.address},
          {"createdAt", jobs::iso_time(session.created_at)},
          {"lastUsedAt", jobs::iso_time(session.last_used_at)},
          {"expiresAt", jobs::iso_time(session.expires_at)}};
}

}  // namespace

Answer post_login(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  const std::string email = form->text("email", kMostEmail);
  auto password = std::make_shared<Secret>(form->secret("password", kMostPassword));
  const Carrier carrier = carrier_of(*form);
  CAD_HTTP_TRY(form->check());
  CAD_HTTP_TRY(admit_sign_in(call, accounts::email_key(email).value_or(email)));
  return on_hash_pool(
      call, [&api = call.api, email, password, carrier, origin = origin_of(call)]() -> Answer {
        const auto session = accounts::sign_in(api.accounts, email, std::move(*password), origin);
        CAD_OUTCOME_TRY(session);
        return session_answer(api, *session, carrier, false);
      });
}

Answer post_refresh(Call& call) {
  auto form = JsonForm::read_optional(call);
  CAD_HTTP_TRY(form);
  auto token = form->maybe_text("refreshToken", kMostToken);
  CAD_HTTP_TRY(form->check());
  Carrier carrier = Carrier::tokens;
  if (!token) {
    carrier = Carrier::cookies;
    if (const auto kept = cookie(call.request, kRefreshCookie)) token = *kept;
    if (token && !is_same_origin(call))
      return tl::unexpected(
          ApiError(403, "CROSS_SITE", "A cookie refreshes a session from our own pages only."));
  }
  if (!token) return tl::unexpected(ApiError(401, "REFRESH_INVALID", "A refresh token is needed."));
  const auto session = accounts::refresh(call.api.accounts, *token, origin_of(call));
  CAD_OUTCOME_TRY(session);
  return session_answer(call.api, *session, carrier, false);
}

Answer post_logout(Call& call) {
  CAD_OUTCOME_TRY(accounts::end_session(call.api.accounts, call.principal.account_id,
                                        call.principal.session_id, origin_of(call)));
  Response response = no_content();
  drop_cookies(response);
  return response;
}

Answer get_sessions(Call& call) {
  CAD_ASSIGN(const auto sessions,
             call.api.accounts.sessions().list(call.principal.account_id, call.services().clock()));
  Json views = Json::array();
  for (const auto& session : sessions)
    views.push_back(session_view(session, call.principal.session_id));
  return json_response(200, dump({{"sessions", std::move(views)}}));
}

Answer delete_session(Call& call) {
  CAD_OUTCOME_TRY(accounts::end_session(call.api.accounts, call.principal.account_id,
                                        call.params[0], origin_of(call)));
  Response response = no_content();
  if (call.params[0] == call.principal.session_id) drop_cookies(response);
  return response;
}

Answer delete_other_sessions(Call& call) {
  const auto ended = accounts::end_other_sessions(call.api.accounts, call.principal.account_id,
                                                  call.principal.session_id, origin_of(call));
  CAD_OUTCOME_TRY(ended);
  return json_response(200, dump({{"ended", *ended}}));
}

}  // namespace cad::http
