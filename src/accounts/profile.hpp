// SPDX-License-Identifier: Apache-2.0
// What a user tells about themselves: all optional, stored sealed.
#pragma once

#include <array>
#include <map>
#include <string>

#include "accounts/services.hpp"

namespace cad::accounts {

inline constexpr secrets::SealedUse kProfileUse{
    .key_info = "profiles, version 1", .bound_to = "cadlens profile of ", .name = "profile"};

struct ProfileField {
  std::string_view name;
  std::size_t most;  // bytes
};
inline constexpr std::array kProfileFields{ProfileField{"fullName", 200},
                                           ProfileField{"phone", 50},
                                           ProfileField{"country", 100},
                                           ProfileField{"timezone", 100},
                                           ProfileField{"companyName", 200},
                                           ProfileField{"companySize", 50},
                                           ProfileField{"industry", 100},
                                           ProfileField{"vatNumber", 50},
                                           ProfileField{"billingAddressLine1", 200},
                                           ProfileField{"billingAddressLine2", 200},
                                           ProfileField{"billingCity", 100},
                                           ProfileField{"billingState", 100},
                                           ProfileField{"billingPostalCode", 50},
                                           ProfileField{"billingCountry", 100}};

struct Profile {
  std::map<std::string, std::string, std::less<>> texts;  // of kProfileFields
  bool marketing_opt_in = false;

  // Who it is and where: what an invoice and a support answer need.
  bool is_complete() const;
};

Result<Profile> open_profile(const Accounts& accounts, const store::User& user);
Result<void> save_profile(const Accounts& accounts, const std::string& account_id,
                          const Profile& profile);
// After a rotation of the master key.
Result<void> reseal_profiles(store::Database& database, const secrets::SealedBox& box);

}  // namespace cad::accounts
