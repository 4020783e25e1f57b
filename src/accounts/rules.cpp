// SPDX-License-Identifier: Apache-2.0
#include "accounts/rules.hpp"

#include <array>

#include "passwords/password.hpp"

namespace cad::accounts {
namespace {

Result<Secret> prepare(const Secret& given) {
  std::string raw(given.text());
  return passwords::prepare(raw);
}

// Checked in place of what is no password: it takes the same time.
const Secret& stand_in() {
  static const Secret secret = [] {
    std::string text = "no password of anybody";
    return Secret::from_text(text);
  }();
  return secret;
}

}  // namespace

Outcome<std::string> hash_new_password(const Secret& password, std::string_view email) {
  const auto prepared = prepare(password);
  if (!prepared) return invalid("password", prepared.error().message);
  const std::array personal{std::string(email)};
  if (const auto weak = passwords::weakness(*prepared, personal)) return invalid("password", *weak);
  CAD_ASSIGN(std::string hash, passwords::hash(*prepared));
  return hash;
}

bool is_password(const Secret& given, const std::optional<std::string>& hash) {
  const auto prepared = prepare(given);
  const bool equal =
      passwords::verify(prepared ? *prepared : stand_in(), hash ? *hash : passwords::dummy_hash());
  return prepared && hash && equal;
}

}  // namespace cad::accounts
