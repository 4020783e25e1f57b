// SPDX-License-Identifier: Apache-2.0
// A user's password and address.
#include "accounts/credentials.hpp"

#include "http/endpoints/account.hpp"
#include "http/endpoints/endpoints.hpp"
#include "http/json_form.hpp"
#include "http/rate_gate.hpp"

namespace cad::http {
namespace {

constexpr std::size_t kMostEmail = 320, kMostPassword = 1024, kMostToken = 200;

Response done() {
  Response response;
  response.status = 204;
  return response;
}

}  // namespace

Answer post_forgot_password(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  const std::string email = form->text("email", kMostEmail);
  CAD_HTTP_TRY(form->check());
  CAD_HTTP_TRY(admit_mail(call, accounts::email_key(email).value_or(email)));
  const bool taken = in_background(call, [&api = call.api, email, origin = origin_of(call)] {
    accounts::send_reset(api.accounts, email, origin);
  });
  if (!taken) {
    ApiError busy(503, "BUSY", "Too much is going on; try again in a few seconds.");
    busy.retry_after = 5;
    return tl::unexpected(std::move(busy));
  }
  return json_response(
      202, dump({{"status", "RESET_SENT"},
                 {"message", "If this address has an account, a link is on its way to it."}}));
}

Answer post_reset_password(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  const std::string token = form->text("token", kMostToken);
  auto password = std::make_shared<Secret>(form->secret("password", kMostPassword));
  CAD_HTTP_TRY(form->check());
  return on_hash_pool(
      call, [&api = call.api, token, password, origin = origin_of(call)]() -> Answer {
        CAD_OUTCOME_TRY(
            accounts::reset_password(api.accounts, token, std::move(*password), origin));
        return done();
      });
}

Answer post_change_password(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  auto present = std::make_shared<Secret>(form->secret("currentPassword", kMostPassword));
  auto next = std::make_shared<Secret>(form->secret("newPassword", kMostPassword));
  CAD_HTTP_TRY(form->check());
  CAD_HTTP_TRY(admit_sign_in(call, call.principal.account_id));
  return on_hash_pool(
      call,
      [&api = call.api, who = call.principal, present, next, origin = origin_of(call)]() -> Answer {
        CAD_OUTCOME_TRY(accounts::change_password(api.accounts, who.account_id, who.session_id,
                                                  std::move(*present), std::move(*next), origin));
        return done();
      });
}

Answer post_change_email(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  const std::string email = form->text("email", kMostEmail);
  auto password = std::make_shared<Secret>(form->secret("password", kMostPassword));
  CAD_HTTP_TRY(form->check());
  CAD_HTTP_TRY(admit_sign_in(call, call.principal.account_id));
  CAD_HTTP_TRY(admit_mail(call, accounts::email_key(email).value_or(email)));
  return on_hash_pool(
      call,
      [&api = call.api, account = call.principal.account_id, email, password,
       origin = origin_of(call)]() -> Answer {
        CAD_OUTCOME_TRY(accounts::begin_email_change(api.accounts, account, email,
                                                     std::move(*password), origin));
        return json_response(
            202,
            dump({{"status", "VERIFICATION_SENT"},
                  {"message", "Open the link in the mail that is on its way to this address."}}));
      });
}

Answer post_confirm_email(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  const std::string token = form->text("token", kMostToken);
  CAD_HTTP_TRY(form->check());
  CAD_OUTCOME_TRY(accounts::finish_email_change(call.api.accounts, token, origin_of(call)));
  return done();
}

}  // namespace cad::http
