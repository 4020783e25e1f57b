// SPDX-License-Identifier: Apache-2.0
#include "accounts/registration.hpp"
#include "http/endpoints/account.hpp"
#include "http/endpoints/endpoints.hpp"
#include "http/json_form.hpp"
#include "http/rate_gate.hpp"

namespace cad::http {
Answer post_register(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  auto wanted = std::make_shared<accounts::Wanted>();
  wanted->email = form->text("email", kMostEmail);
  wanted->password = form->secret("password", kMostPassword);
  wanted->invite = form->maybe_text("invite", kMostToken).value_or("");
  CAD_HTTP_TRY(form->check());
  CAD_OUTCOME_TRY(accounts::check_registration(call.api.accounts, *wanted));
  CAD_HTTP_TRY(admit_mail(call, accounts::email_key(wanted->email).value_or("")));
  return on_hash_pool(call, [&api = call.api, wanted, origin = origin_of(call)]() -> Answer {
    CAD_OUTCOME_TRY(accounts::begin_registration(api.accounts, std::move(*wanted), origin));
    return mail_is_sent(api, "VERIFICATION_SENT",
                        "Open the link in the mail that is on its way to this address.");
  });
}

Answer post_verify_email(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  const std::string token = form->text("token", kMostToken);
  auto password = std::make_shared<Secret>(form->secret("password", kMostPassword));
  CAD_HTTP_TRY(form->check());
  return on_hash_pool(
      call, [&api = call.api, token, password, origin = origin_of(call)]() -> Answer {
        const auto user = accounts::finish_registration(api.accounts, token, *password, origin);
        CAD_OUTCOME_TRY(user);
        return json_response(200, dump({{"verified", true}, {"email", user->email}}));
      });
}

}  // namespace cad::http
