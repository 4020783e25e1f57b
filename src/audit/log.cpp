// SPDX-License-Identifier: Apache-2.0
#include "audit/log.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "audit/chain.hpp"

namespace cad::audit {
namespace {

constexpr std::int64_t kAtOnce = 1000;

std::string to_json(const std::map<std::string, std::string>& detail) {
  const nlohmann::json json(detail);
  return json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Log::Log(store::Database& database, std::shared_ptr<secrets::KeySource> masters,
         std::function<store::UnixMs()> clock, spdlog::logger* log)
    : rows_(database),
      masters_(std::move(masters)),
      clock_(std::move(clock)),
      log_(log),
      outage_(log, "audit") {}

Result<void> Log::append(const Event& event) {
  store::AuditRow row;
  row.at = clock_();
  row.account_id = event.account_id;
  row.actor = event.actor;
  row.event = event.name;
  row.address = event.address;
  row.detail = event.detail.empty() ? "{}" : to_json(event.detail);
  CAD_TRY(rows_.append_after([&](const std::optional<store::AuditRow>& last) {
    row.seq = last ? last->seq + 1 : 1;
    row.previous = link_after(last);
    const auto ring = masters_->now();
    sign(row, ring->current());
    return row;
  }));
  announce();
  return {};
}

void Log::announce() {
  if (log_ == nullptr) return;
  const std::lock_guard lock(mutex_);
  const auto last = rows_.last();
  outage_.tell(!last, last ? "" : last.error().message);
  if (!last) return;
  const std::int64_t seq = *last ? (*last)->seq : 0;
  if (announced_ && seq < *announced_)
    log_->error("event=audit_cut seq={} expected={}", seq, *announced_);
  std::int64_t from = announced_ ? *announced_ : std::max<std::int64_t>(0, seq - 1);
  while (from < seq) {
    const auto rows = rows_.after(from, kAtOnce);
    if (!rows || rows->empty()) break;
    for (const store::AuditRow& row : *rows)
      log_->info("event=audit seq={} name={} head={}", row.seq, row.event, row.hash);
    from = rows->back().seq;
  }
  announced_ = std::max(seq, from);
}

}  // namespace cad::audit
