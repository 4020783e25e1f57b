// SPDX-License-Identifier: Apache-2.0
// Sign-in with other services: there, back, and links to an account.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "accounts/identities.hpp"
#include "http/browser.hpp"
#include "http/endpoints/account.hpp"
#include "http/endpoints/endpoints.hpp"
#include "http/json_form.hpp"
#include "http/pages.hpp"
#include "logging/quoted.hpp"
#include "oauth/flow.hpp"

namespace cad::http {
namespace {

constexpr std::string_view kCookie = "__Host-cadlens_oauth";
constexpr std::size_t kMostCode = 4096, kMostState = 200, kMostIss = 512;

// What is passed on speaks of the provider, in words of ours; IO and INTERNAL speak of this
// service: see oauth/flow.hpp.
ApiError to_api(const Error& error) {
  switch (error.code) {
    case ErrorCode::invalid_argument: return {400, "SIGN_IN_REFUSED", error.message};
    case ErrorCode::integrity:
    case ErrorCode::limit_exceeded: return {502, "PROVIDER_ANSWER_INVALID", error.message};
    case ErrorCode::unavailable: return away(error.message);
    default: return error;
  }
}

tl::expected<oauth::SignIn*, ApiError> offered(const Call& call) {
  if (call.api.sign_in != nullptr) return call.api.sign_in;
  return tl::unexpected(ApiError(404, "NOT_FOUND", "This service offers no such sign-in."));
}

std::string callback_url(const Call& call) {
  std::string url = call.api.oauth_callback_url;
  if (url.empty()) url = call.base_url() + "/v1/auth/{provider}/callback";
  constexpr std::string_view kPlace = "{provider}";
  if (const auto at = url.find(kPlace); at != url.npos)
    url.replace(at, kPlace.size(), call.params[0]);
  return url;
}

ApiError refusal(const Call& call, const Error& error) {
  call.services().log.warn("event=sign_in_refused request={} code={} reason={}", call.request_id,
                           to_string(error.code), logging::quoted(error.message));
  return to_api(error);
}

tl::expected<oauth::Started, ApiError> start(Call& call, oauth::Begin what) {
  const auto sign_in = offered(call);
  CAD_HTTP_TRY(sign_in);
  what.redirect_uri = callback_url(call);
  auto started = (*sign_in)->begin(call.params[0], what);
  if (!started) return tl::unexpected(refusal(call, started.error()));
  return std::move(*started);
}

void keep_binding(Response& response, std::string_view binding) {
  set_cookie(
      response, kCookie, binding,
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::milliseconds(oauth::kStateMs)),
      SameSite::lax);
}

Answer linked_answer(Call& call, const oauth::SignedIn& proven) {
  CAD_OUTCOME_TRY(accounts::link(call.api.accounts, proven, origin_of(call)));
  return json_response(200, dump({{"linked", true}, {"provider", proven.identity.provider}}));
}

Answer entered_answer(Call& call, const oauth::SignedIn& proven, Carrier carrier) {
  const auto entered = accounts::enter(call.api.accounts, proven, origin_of(call));
  CAD_OUTCOME_TRY(entered);
  return session_answer(call.api, entered->session, carrier, entered->is_new);
}

// The browser goes on to the page that it came from.
void send_to(Response& response, const std::string& path) {
  response.status = 302;
  response.body = std::string();
  response.headers.remove("Content-Type");
  response.headers.set("Location", path);
}

Answer finish(Call& call, const oauth::Callback& callback, Carrier carrier) {
  const auto sign_in = offered(call);
  CAD_HTTP_TRY(sign_in);
  const std::string binding(cookie(call.request, kCookie).value_or(""));
  const auto proven = (*sign_in)->finish(call.params[0], callback, binding);
  if (!proven) return tl::unexpected(refusal(call, proven.error()));
  if (proven->return_to) carrier = Carrier::cookies;
  auto answer = proven->purpose == store::OauthPurpose::link
                    ? linked_answer(call, *proven)
                    : entered_answer(call, *proven, carrier);
  if (!answer) return answer;
  if (proven->return_to) send_to(*answer, *proven->return_to);
  set_cookie(*answer, kCookie, "", {}, SameSite::lax);
  return answer;
}

// The page of the app that hands what the provider said on to the exchange, and tells a person what
// came of it; none: it is no person, or there is no such page.
std::optional<std::string> callback_page(const Call& call) {
  const std::string& provider = call.params[0];
  if (call.api.sign_in == nullptr || !is_from_a_person(call.request)) return std::nullopt;
  if (std::ranges::count(call.api.sign_in->offered(), provider) == 0) return std::nullopt;
  if (web::find_document(call.api.site, {"sign-in", provider}) == nullptr) return std::nullopt;
  const std::string& target = call.request.target;
  return "/sign-in/" + provider + target.substr(std::min(target.find('?'), target.size()));
}

std::optional<std::string> query_text(const Call& call, std::string_view name) {
  const auto value = call.request.query_value(name);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

}  // namespace

Answer get_oauth(Call& call) {
  oauth::Begin what;
  what.invite = query_text(call, "invite");
  what.return_to = query_text(call, "returnTo");
  auto started = start(call, std::move(what));
  CAD_HTTP_TRY(started);
  Response response;
  response.status = 302;
  response.headers.set("Location", started->authorization_url);
  keep_binding(response, started->binding);
  return response;
}

Answer get_oauth_callback(Call& call) {
  if (const auto page = callback_page(call)) {
    Response response;
    send_to(response, *page);
    return response;
  }
  const oauth::Callback callback{query_text(call, "state").value_or(""), query_text(call, "code"),
                                 query_text(call, "iss"), query_text(call, "error")};
  return finish(call, callback, Carrier::tokens);
}

Answer post_oauth_exchange(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  oauth::Callback callback;
  callback.state = form->text("state", kMostState);
  callback.code = form->text("code", kMostCode);
  callback.iss = form->maybe_text("iss", kMostIss);
  const bool cookies = form->boolean("cookies").value_or(false);
  CAD_HTTP_TRY(form->check());
  return finish(call, callback, cookies ? Carrier::cookies : Carrier::tokens);
}

Answer post_oauth_link(Call& call) {
  auto form = JsonForm::read_optional(call);
  CAD_HTTP_TRY(form);
  oauth::Begin what;
  what.purpose = store::OauthPurpose::link;
  what.link_account_id = call.principal.account_id;
  what.link_session_id = call.principal.session_id;
  what.return_to = form->maybe_text("returnTo", kMostIss);
  CAD_HTTP_TRY(form->check());
  auto started = start(call, std::move(what));
  CAD_HTTP_TRY(started);
  Response response = json_response(200, dump({{"authorizationUrl", started->authorization_url}}));
  keep_binding(response, started->binding);
  return response;
}

Answer delete_oauth_link(Call& call) {
  CAD_OUTCOME_TRY(accounts::unlink(call.api.accounts, call.principal.account_id, call.params[0],
                                   origin_of(call)));
  return no_content();
}

}  // namespace cad::http
