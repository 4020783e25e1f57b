// SPDX-License-Identifier: Apache-2.0
#include "http/readiness.hpp"

#include <spdlog/spdlog.h>

#include "logging/quoted.hpp"

namespace cad::http {
health::Probe::Check watched(const jobs::Services& services, std::string what,
                             health::Probe::Check check) {
  // One check runs at a time: see health::Probe.
  return [&services, what = std::move(what), check = std::move(check),
          good = true]() mutable -> Result<void> {
    Result<void> said = check();
    if (good && !said)
      services.log.error("event=backend_away what={} reason={}", what,
                         logging::quoted(said.error().message));
    if (!good && said) services.log.info("event=backend_back what={}", what);
    good = said.has_value();
    return said;
  };
}

std::shared_ptr<health::Readiness> standard_readiness(const jobs::Services& services) {
  using Weight = health::Readiness::Weight;
  auto readiness = std::make_shared<health::Readiness>();
  readiness->add(std::string(kDatabasePart), Weight::vital,
                 watched(services, std::string(kDatabasePart), [&services]() -> Result<void> {
                   CAD_TRY(services.database.read("SELECT 1", {}));
                   return {};
                 }));
  readiness->add(std::string(kStorePart), Weight::vital,
                 watched(services, std::string(kStorePart),
                         [&services] { return jobs::ask_store(services.blobs); }));
  return readiness;
}

}  // namespace cad::http
