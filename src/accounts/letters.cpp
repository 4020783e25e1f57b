// SPDX-License-Identifier: Apache-2.0
#include "accounts/letters.hpp"

#include "crypto/bytes.hpp"

namespace cad::accounts {
namespace {

struct Text {
  std::string_view path;  // of the link; empty: none
  std::string_view subject, before, after;
};

Text text_of(Letter letter) {
  switch (letter) {
    case Letter::verify:
      return {"/verify-email", "Confirm your e-mail address for CADLens",
              "Somebody, hopefully you, opened a CADLens account with this address. Open this link "
              "to confirm it; it works once, for a day:",
              "If it was not you, do nothing: without this link there is no account."};
    case Letter::exists_already:
      return {"", "You have a CADLens account already",
              "Somebody, hopefully you, tried to open a CADLens account with this address, which "
              "has one. Sign in with your password, or ask for a link to choose a new one.",
              "If it was not you, there is nothing to do."};
    case Letter::reset:
      return {"/reset-password", "A new password for CADLens",
              "Open this link to choose a new password for your CADLens account; it works once, "
              "for half an hour:",
              "If you did not ask for it, do nothing: your password stays as it is."};
    case Letter::password_changed:
      return {"", "Your CADLens password was changed",
              "The password of your CADLens account was changed just now, and other sessions were "
              "ended.",
              "If it was not you, ask for a link to choose a new one at once."};
    case Letter::new_address:
      return {"/confirm-email", "Confirm your new e-mail address for CADLens",
              "Open this link to make this the address of your CADLens account; it works once, for "
              "a day:",
              "If you did not ask for it, do nothing."};
    case Letter::address_changed:
      return {"", "The e-mail address of your CADLens account was changed",
              "Your CADLens account has another e-mail address from now on.",
              "If it was not you, tell whoever runs this service at once."};
    case Letter::account_deleted:
      return {"", "Your CADLens account was deleted",
              "Your CADLens account was deleted, with its keys, jobs, drawings and results.", ""};
  }
  return {};
}

}  // namespace

std::string link_of(Letter letter, std::string_view base_url, std::string_view token) {
  return std::string(base_url) + std::string(text_of(letter).path) + "#token=" + std::string(token);
}

mail::Mail write_letter(Letter letter, const std::string& to, std::string_view base_url,
                        std::string_view token) {
  const Text text = text_of(letter);
  mail::Mail mail;
  mail.to = to;
  mail.subject = text.subject;
  mail.id = crypto::random_uuid();
  mail.text = std::string(text.before) + "\n\n";
  if (!text.path.empty()) mail.text += link_of(letter, base_url, token) + "\n\n";
  if (!text.after.empty()) mail.text += std::string(text.after) + "\n\n";
  mail.text += "CADLens at " + std::string(base_url) + "\n";
  return mail;
}

}  // namespace cad::accounts
