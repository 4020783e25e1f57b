// SPDX-License-Identifier: Apache-2.0
#include "accounts/profile.hpp"

#include <nlohmann/json.hpp>

namespace cad::accounts {

bool Profile::is_complete() const {
  return texts.contains("fullName") && texts.contains("companyName") && texts.contains("country");
}

Result<Profile> open_profile(const Accounts& accounts, const store::User& user) {
  Profile profile;
  if (!user.profile) return profile;
  CAD_ASSIGN(const std::string plain, accounts.profiles.open(*user.profile, user.account_id));
  const auto json = nlohmann::json::parse(plain, nullptr, false);
  if (!json.is_object()) return fail(ErrorCode::integrity, "A stored profile is no JSON.");
  for (const auto& [name, value] : json.items())
    if (value.is_string()) profile.texts[name] = value.get<std::string>();
  profile.marketing_opt_in = json.value("marketingOptIn", false);
  return profile;
}

Result<void> save_profile(const Accounts& accounts, const std::string& account_id,
                          const Profile& profile) {
  nlohmann::json json(profile.texts);
  json["marketingOptIn"] = profile.marketing_opt_in;
  const std::string plain = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  CAD_ASSIGN(const std::string sealed, accounts.profiles.seal(plain, account_id));
  return accounts.users().set_profile(account_id, sealed);
}

Result<void> reseal_profiles(store::Database& database, const secrets::SealedBox& box) {
  store::UserRepository users(database);
  CAD_ASSIGN(const auto all, users.list());
  for (const store::User& user : all) {
    if (!user.profile || box.is_current(*user.profile)) continue;
    CAD_ASSIGN(const std::string plain, box.open(*user.profile, user.account_id));
    CAD_ASSIGN(const std::string sealed, box.seal(plain, user.account_id));
    CAD_TRY(users.set_profile(user.account_id, sealed));
  }
  return {};
}

}  // namespace cad::accounts
