// SPDX-License-Identifier: Apache-2.0
#include "app/audit_admin.hpp"

#include "app/admin_database.hpp"
#include "app/clock.hpp"
#include "blobs/blob_store.hpp"
#include "secrets/environment.hpp"

namespace cad::app {
namespace {

Result<std::shared_ptr<secrets::KeySource>> audit_keys(const std::string& data) {
  secrets::harden_process();
  return secrets::KeySource::open(blobs::master_key_place(data), secrets::Missing::refuse);
}

}  // namespace

Result<std::unique_ptr<audit::Log>> open_audit(const std::string& data, store::Database& database,
                                               store::UnixMs now) {
  CAD_ASSIGN(auto masters, audit_keys(data));
  return std::make_unique<audit::Log>(
      database, std::move(masters), [now] { return now; }, nullptr);
}

Result<void> note(audit::Log& audit, std::string name, const std::string& account,
                  std::map<std::string, std::string> detail) {
  return audit.append({.name = std::move(name),
                       .account_id = account,
                       .actor = "operator",
                       .detail = std::move(detail)});
}

Result<audit::Checked> verify_audit(const std::string& data) {
  CAD_ASSIGN(const auto database, open_database(data, system_now()));
  CAD_ASSIGN(const auto keys, audit_keys(data));
  return audit::verify(*database, *keys->now());
}

Result<std::vector<store::AuditRow>> list_audit(const std::string& data,
                                                const std::optional<std::string>& account_id,
                                                std::int64_t limit) {
  CAD_ASSIGN(const auto database, open_database(data, system_now()));
  return store::AuditRepository(*database).newest(account_id, limit);
}

}  // namespace cad::app
