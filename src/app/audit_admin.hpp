// SPDX-License-Identifier: Apache-2.0
// The audit log as the operator reads it, beside a running server. All calls: NOT_FOUND when there
// is no database, or no master key, in `data`.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/chain.hpp"
#include "audit/log.hpp"

namespace cad::app {

Result<audit::Checked> verify_audit(const std::string& data);

// Newest first; of one account or of all.
Result<std::vector<store::AuditRow>> list_audit(const std::string& data,
                                                const std::optional<std::string>& account_id,
                                                std::int64_t limit);

// For commands that change something, before they do: a change that cannot be recorded is not made.
// NOT_FOUND: the master key, which signs, is not here.
Result<std::unique_ptr<audit::Log>> open_audit(const std::string& data, store::Database& database,
                                               store::UnixMs now);
// What the operator did.
Result<void> note(audit::Log& audit, std::string name, const std::string& account,
                  std::map<std::string, std::string> detail = {});

}  // namespace cad::app
