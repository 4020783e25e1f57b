// SPDX-License-Identifier: Apache-2.0
#include "http/endpoints/endpoints.hpp"
#include "http/views.hpp"

namespace cad::http {

Answer get_auth_options(Call& call) {
  const accounts::Accounts& accounts = call.api.accounts;
  Json providers = Json::array();
  if (call.api.sign_in != nullptr)
    for (const std::string& name : call.api.sign_in->offered()) providers.push_back(name);
  return json_response(
      200, dump({{"registration", std::string(to_string(accounts.settings.registration))},
                 {"providers", std::move(providers)},
                 {"mail", accounts.mailer.configured()}}));
}

}  // namespace cad::http
