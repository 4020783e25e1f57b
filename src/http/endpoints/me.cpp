// SPDX-License-Identifier: Apache-2.0
// The account behind a session.
#include "accounts/letters.hpp"
#include "http/endpoints/account.hpp"
#include "http/endpoints/endpoints.hpp"
#include "http/json_form.hpp"
#include "jobs/remove.hpp"

namespace cad::http {
namespace {

Json profile_view(const accounts::Profile& profile) {
  Json view;
  for (const auto& field : accounts::kProfileFields) {
    const auto found = profile.texts.find(field.name);
    view[std::string(field.name)] = found == profile.texts.end() ? Json() : Json(found->second);
  }
  view["marketingOptIn"] = profile.marketing_opt_in;
  view["profileComplete"] = profile.is_complete();
  return view;
}

}  // namespace

Answer get_me(Call& call) {
  CAD_ASSIGN(const auto user, call.api.accounts.users().find(call.principal.account_id));
  CAD_ASSIGN(const Json view, user_view(call.api, user));
  return json_response(200, dump(view));
}

Answer get_profile(Call& call) {
  CAD_ASSIGN(const auto user, call.api.accounts.users().find(call.principal.account_id));
  CAD_ASSIGN(const auto profile, accounts::open_profile(call.api.accounts, user));
  return json_response(200, dump(profile_view(profile)));
}

// What is not named stays; null and "" take a field away.
Answer put_profile(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  CAD_ASSIGN(const auto user, call.api.accounts.users().find(call.principal.account_id));
  CAD_ASSIGN(auto profile, accounts::open_profile(call.api.accounts, user));
  for (const auto& field : accounts::kProfileFields) {
    if (!form->names(field.name)) continue;
    auto text = form->maybe_text(field.name, field.most);
    profile.texts.erase(std::string(field.name));
    if (text && !text->empty()) profile.texts[std::string(field.name)] = std::move(*text);
  }
  if (const auto opt_in = form->boolean("marketingOptIn")) profile.marketing_opt_in = *opt_in;
  CAD_HTTP_TRY(form->check());
  CAD_TRY(accounts::save_profile(call.api.accounts, user.account_id, profile));
  return json_response(200, dump(profile_view(profile)));
}

Answer delete_account(Call& call) {
  const auto& accounts = call.api.accounts;
  CAD_ASSIGN(const auto user, accounts.users().find(call.principal.account_id));
  CAD_TRY(jobs::purge_account(call.services(), user.account_id));
  accounts.note({user.account_id, "account.deleted", call.request.remote});
  accounts.mailer.send(accounts::write_letter(accounts::Letter::account_deleted, user.email,
                                              call.api.link_base, ""));
  Response response = no_content();
  drop_cookies(response);
  return response;
}

Answer get_jwks(Call& call) {
  CAD_ASSIGN(const std::string jwks, call.api.accounts.tokens.jwks());
  Response response = json_response(200, jwks);
  response.headers.set("Cache-Control", "public, max-age=300");
  return response;
}

}  // namespace cad::http
