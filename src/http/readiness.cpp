// SPDX-License-Identifier: Apache-2.0
#include "http/readiness.hpp"

#include <memory>

#include "logging/outage.hpp"

namespace cad::http {

health::Probe::Check watched(const jobs::Services& services, std::string_view what,
                             health::Probe::Check check) {
  const auto outage = std::make_shared<logging::Outage>(&services.log, std::string(what));
  return [outage, check = std::move(check)]() -> Result<void> {
    Result<void> said = check();
    outage->tell(!said, said ? std::string_view() : said.error().message);
    return said;
  };
}

void add_standard_parts(health::Readiness& readiness, const jobs::Services& services) {
  const auto add_vital = [&](std::string_view name, health::Probe::Check check) {
    readiness.add(std::string(name), health::Readiness::Weight::vital,
                  watched(services, name, std::move(check)));
  };
  add_vital(kDatabasePart, [&services]() -> Result<void> {
    CAD_TRY(services.database.read("SELECT 1", {}));
    return {};
  });
  add_vital(kStorePart, [&services] { return jobs::ask_store(services.blobs); });
}

}  // namespace cad::http
