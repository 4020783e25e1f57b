// SPDX-License-Identifier: Apache-2.0
// A user's password and address.
#include "accounts/credentials.hpp"

#include "http/endpoints/account.hpp"
#include "http/endpoints/endpoints.hpp"
#include "http/json_form.hpp"
#include "http/rate_gate.hpp"

namespace cad::http {
Answer post_forgot_password(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  const std::string email = form->text("email", kMostEmail);
  CAD_HTTP_TRY(form->check());
  CAD_HTTP_TRY(admit_mail(call, accounts::email_key(email).value_or(email)));
  const bool taken = in_background(call, [&api = call.api, email, origin = origin_of(call)] {
    accounts::send_reset(api.accounts, email, origin);
  });
  if (!taken) return tl::unexpected(busy("Too much is going on; try again in a few seconds."));
  return mail_is_sent(call.api, "RESET_SENT",
                      "If this address has an account, a link is on its way to it.");
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
        return no_content();
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
        return no_content();
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
  return on_hash_pool(call,
                      [&api = call.api, account = call.principal.account_id, email, password,
                       origin = origin_of(call)]() -> Answer {
                        CAD_OUTCOME_TRY(accounts::begin_email_change(api.accounts, account, email,
                                                                     std::move(*password), origin));
                        return mail_is_sent(
                            api, "VERIFICATION_SENT",
                            "Open the link in the mail that is on its way to this address.");
                      });
}

Answer post_confirm_email(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  const std::string token = form->text("token", kMostToken);
  CAD_HTTP_TRY(form->check());
  CAD_OUTCOME_TRY(accounts::finish_email_change(call.api.accounts, token, origin_of(call)));
  return no_content();
}

}  // namespace cad::http
