// SPDX-License-Identifier: Apache-2.0
#include "app/sign_in.hpp"

namespace cad::app {

Result<OtherSignIn> make_other_sign_in(const oauth::Settings& settings, Keys& keys,
                                       store::Database& database, oauth::Clock clock) {
  CAD_ASSIGN(auto providers, oauth::make_providers(settings, std::move(keys.oauth)));
  OtherSignIn out;
  if (providers.empty()) return out;
  oauth::FetcherOptions options;
  options.ca_file = settings.ca_file;
  CAD_ASSIGN(out.fetcher, oauth::make_fetcher(options));
  out.sign_in = std::make_unique<oauth::SignIn>(database, keys.master, *out.fetcher,
                                                std::move(providers), std::move(clock));
  return out;
}

}  // namespace cad::app
