// SPDX-License-Identifier: Apache-2.0
// The owner's first sign-in: by a link, then with an address and a password.
#include "accounts/first_sign_in.hpp"

#include "http/endpoints/account.hpp"
#include "http/endpoints/endpoints.hpp"
#include "http/json_form.hpp"

namespace cad::http {

Answer post_one_time(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  const std::string token = form->text("token", kMostToken);
  const Carrier carrier = carrier_of(*form);
  CAD_HTTP_TRY(form->check());
  const auto session = accounts::enter_by_link(call.api.accounts, token, origin_of(call));
  CAD_OUTCOME_TRY(session);
  return session_answer(call.api, *session, carrier, false);
}

Answer post_set_up(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  auto wanted = std::make_shared<accounts::FirstCredentials>();
  wanted->email = form->text("email", kMostEmail);
  wanted->password = form->secret("password", kMostPassword);
  CAD_HTTP_TRY(form->check());
  return on_hash_pool(
      call, [&api = call.api, who = call.principal, wanted, origin = origin_of(call)]() -> Answer {
        CAD_OUTCOME_TRY(accounts::choose_credentials(api.accounts, who.account_id, who.session_id,
                                                     std::move(*wanted), origin));
        return no_content();
      });
}

}  // namespace cad::http
