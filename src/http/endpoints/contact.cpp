// SPDX-License-Identifier: Apache-2.0
// Messages of strangers to whoever runs the service.
#include "accounts/messages.hpp"
#include "http/endpoints/account.hpp"
#include "http/endpoints/endpoints.hpp"
#include "http/json_form.hpp"
#include "http/rate_gate.hpp"

namespace cad::http {
namespace {

constexpr std::size_t kMostEmail = 320, kMostLine = 300, kMostMessage = 10'000;

void read_email(JsonForm& form, accounts::MessageFields& fields) {
  fields["email"] = form.text("email", kMostEmail);
  if (!fields["email"].empty() && !accounts::email_key(fields["email"]))
    form.fault("email", "Must be an e-mail address.");
}

// The same whoever wrote, and how often.
Answer keep(Call& call, accounts::MessageKind kind, const accounts::MessageFields& fields) {
  // Whose mailbox it fills is the owner's.
  const std::string& owner = call.api.accounts.settings.owner_email;
  const bool mailed = owner.empty() || has_room_in_mailbox(call, owner);
  CAD_OUTCOME_TRY(accounts::leave_message(call.api.accounts, kind, fields, mailed));
  return json_response(202, dump({{"status", "RECEIVED"}, {"message", "Thank you."}}));
}

}  // namespace

Answer post_contact(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  accounts::MessageFields fields;
  read_email(*form, fields);
  fields["message"] = form->text("message", kMostMessage);
  for (const char* name : {"name", "company", "phone", "subject"})
    if (auto text = form->maybe_text(name, kMostLine)) fields[name] = std::move(*text);
  CAD_HTTP_TRY(form->check());
  return keep(call, accounts::MessageKind::contact, fields);
}

Answer post_waitlist(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  accounts::MessageFields fields;
  read_email(*form, fields);
  for (const char* name : {"name", "company", "useCase"})
    if (auto text = form->maybe_text(name, kMostLine)) fields[name] = std::move(*text);
  CAD_HTTP_TRY(form->check());
  return keep(call, accounts::MessageKind::waitlist, fields);
}

}  // namespace cad::http
