// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/audit_admin.hpp"
#include "cli/exit.hpp"
#include "cli/serve/admin.hpp"
#include "jobs/names.hpp"

namespace cad::cli {
namespace {

constexpr int kBroken = 1;

int verify(const std::string& data) {
  const auto checked = app::verify_audit(data);
  if (!checked) return report(checked.error());
  std::printf("%lld entries in order, head %s\n", static_cast<long long>(checked->entries),
              checked->head.empty() ? "-" : checked->head.c_str());
  if (checked->broken) {
    std::fprintf(stderr, "The audit log is broken at entry %lld: %s.\n",
                 static_cast<long long>(*checked->broken), checked->fault.c_str());
    return kBroken;
  }
  if (checked->unproven > 0) {
    std::fprintf(stderr,
                 "The last %lld entries are under a master key that is not in the ring: they hang "
                 "together, but nothing vouches for them.\n",
                 static_cast<long long>(checked->unproven));
    return kBroken;
  }
  return kSuccess;
}

int list(const std::string& data, const std::string& account, std::int64_t limit) {
  const auto rows =
      app::list_audit(data, account.empty() ? std::nullopt : std::optional(account), limit);
  if (!rows) return report(rows.error());
  const auto or_dash = [](const std::string& text) { return text.empty() ? "-" : text.c_str(); };
  for (const store::AuditRow& row : *rows)
    std::printf("%lld  %s  %s  account %s  by %s  from %s  %s\n", static_cast<long long>(row.seq),
                jobs::iso_time(row.at).c_str(), row.event.c_str(), or_dash(row.account_id),
                or_dash(row.actor), or_dash(row.address), row.detail.c_str());
  return kSuccess;
}

}  // namespace

void add_admin_audit(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  auto account = std::make_shared<std::string>();
  auto limit = std::make_shared<std::int64_t>(50);
  CLI::App* check = admin.add_subcommand(
      "verify-audit", "Check that no entry of the audit log was changed, removed or put in");
  add_data(*check, *data);
  check->callback([data, &exit_code] { exit_code = verify(*data); });
  CLI::App* show = admin.add_subcommand("list-audit", "Show security events, the newest first");
  add_data(*show, *data);
  show->add_option("--account", *account, "Of the account with this id (acc_...); default: all");
  show->add_option("--limit", *limit, "How many")->check(CLI::Range(1, 100'000));
  show->callback([data, account, limit, &exit_code] { exit_code = list(*data, *account, *limit); });
}

}  // namespace cad::cli
