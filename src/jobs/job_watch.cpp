// SPDX-License-Identifier: Apache-2.0
#include "jobs/job_watch.hpp"

#include <vector>

namespace cad::jobs {
namespace {

// One length of list, so that the database sees one statement.
constexpr std::size_t kPage = 100;

const std::string& statement() {
  static const std::string sql = [] {
    std::string text = "SELECT id, status, attempt, progress, phase FROM jobs WHERE id IN (";
    for (std::size_t i = 1; i <= kPage; ++i) text += (i > 1 ? ",$" : "$") + std::to_string(i);
    return text + ")";
  }();
  return sql;
}

}  // namespace

JobWatch::JobWatch(store::Database& database, EventHub& hub,
                   std::function<std::chrono::milliseconds()> pause)
    : database_(database), hub_(hub), pause_(std::move(pause)), thread_([this] { run(); }) {}

JobWatch::~JobWatch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void JobWatch::run() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, pause_(), [this] { return stopping_; })) {
    lock.unlock();
    look();
    lock.lock();
  }
}

void JobWatch::look() {
  const std::vector<std::string> ids = hub_.awaited();
  std::map<std::string, std::string> now;
  for (std::size_t start = 0; start < ids.size(); start += kPage) {
    store::Values values;
    for (std::size_t i = 0; i < kPage; ++i)
      values.emplace_back(ids[std::min(start + i, ids.size() - 1)]);
    const auto rows = database_.read(statement(), values);
    if (!rows) return;  // away: the next look
    for (const store::Row& row : rows->rows)
      now[row.text(0)] = row.text(1) + " " + std::to_string(row.integer(2)) + " " +
                         std::to_string(row.integer(3)) + " " + row.text(4);
  }
  // What is seen for the first time may have changed since its waiter looked.
  for (const std::string& id : ids) {
    const std::string& row = now[id];
    const auto before = seen_.find(id);
    if (before == seen_.end() || before->second != row) hub_.heard({Notice::Kind::changed, id});
  }
  seen_ = std::move(now);
}

}  // namespace cad::jobs
