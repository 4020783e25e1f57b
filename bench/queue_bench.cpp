// SPDX-License-Identifier: Apache-2.0
// What submitting a job (the bound of the queue, the row, the offer) and taking one cost with
// nothing waiting and with 100,000 jobs waiting, in turns, on SQLite; with a Redis URL in
// CADLENS_BENCH_REDIS_URL through Redis, too.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "crypto/bytes.hpp"
#include "queue/redis_queue.hpp"
#include "redis/client.hpp"
#include "redis/options.hpp"
#include "store/job_columns.hpp"
#include "store/repositories.hpp"
#include "store/testing/accounts.hpp"

namespace {

using namespace cad;
using Clock = std::chrono::steady_clock;

store::UnixMs now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

store::Job make_job(int number) {
  const std::string account = "acc_" + std::to_string(number % 10);
  store::Job job;
  job.id = "job_" + crypto::random_hex(16);
  job.uuid = crypto::random_uuid();
  job.account_id = account;
  job.key_id = "key of " + account;
  job.file_name = "house.dxf";
  job.file_size = 50'000;
  job.mime_type = "image/vnd.dxf";
  job.format = "DXF";
  job.sha256 = std::string(64, 'a');
  job.created_at = job.updated_at = job.turn_at = now_ms();
  job.expires_at = job.created_at + 604'800'000;
  job.phase = "queued";
  return job;
}

void must(const Result<void>& done) {
  if (done) return;
  std::fprintf(stderr, "queue_bench: %s\n", done.error().message.c_str());
  std::exit(1);
}

struct Node {
  std::filesystem::path dir;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<redis::Client> client;
  std::unique_ptr<queue::Queue> queue;

  Node(const char* url, const std::string& name, int waiting) {
    dir = std::filesystem::temp_directory_path() / ("cadlens-queue-bench-" + crypto::random_hex(4));
    std::filesystem::create_directories(dir);
    database = store::open_sqlite((dir / "db").string()).value();
    must(store::migrate(*database, 1));
    for (int i = 0; i < 10; ++i) {
      store::ApiKey key;
      key.account_id = "acc_" + std::to_string(i);
      key.id = key.hash = "key of " + key.account_id;
      must(store::add_account_of(*database, key));
    }
    fill(waiting);
    if (url == nullptr) {
      queue = queue::make_database_queue(*database, 1'000'000);
      return;
    }
    client = std::make_unique<redis::Client>(
        std::make_shared<redis::Options>(redis::parse_url(url).value()));
    queue::RedisQueueOptions options;
    options.limits.most_of_account = 1'000'000;
    options.prefix = "cadlens:bench:" + name + ":" + crypto::random_hex(4) + ":";
    queue = queue::make_redis_queue(*database, *client, options);
    const auto start = Clock::now();
    queue->upkeep(now_ms()).value();
    std::printf("  %s: all that waits offered anew in %.2f s\n", name.c_str(),
                std::chrono::duration<double>(Clock::now() - start).count());
  }
  ~Node() {
    queue.reset();
    database.reset();
    std::filesystem::remove_all(dir);
  }

  void fill(int waiting) {
    std::string sql =
        "INSERT INTO jobs (" + std::string(store::kJobColumns) + ", available_at) VALUES (";
    const std::size_t columns = store::job_values({}).size() + 1;
    for (std::size_t i = 1; i <= columns; ++i) sql += (i > 1 ? ",$" : "$") + std::to_string(i);
    sql += ")";
    const auto done = database->transaction([&](store::Session& session) -> Result<void> {
      for (int i = 0; i < waiting; ++i) {
        const store::Job job = make_job(i);
        auto values = store::job_values(job);
        values.emplace_back(job.created_at);
        CAD_TRY(session.run(sql, values));
      }
      return {};
    });
    must(done);
  }

  double submit(int number) {
    const store::Job job = make_job(number);
    const auto start = Clock::now();
    (void)queue->waiting().value();
    store::JobRepository(*database).insert(job, {}).value();
    queue->offer(job);
    return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
  }
  double take() {
    const auto start = Clock::now();
    const auto taken = queue->take("bench", now_ms(), std::chrono::seconds(30)).value();
    const double spent = std::chrono::duration<double, std::micro>(Clock::now() - start).count();
    if (!taken) std::abort();
    store::JobRepository(*database)
        .complete(taken->job.id, "bench", taken->lease.attempt, {}, now_ms())
        .value();
    queue->release(taken->job.id, taken->lease);
    return spent;
  }
};

struct Times {
  std::vector<double> all;
  double mean() const {
    double sum = 0;
    for (const double one : all) sum += one;
    return sum / static_cast<double>(all.size());
  }
  double median() {
    std::nth_element(all.begin(), all.begin() + static_cast<long>(all.size() / 2), all.end());
    return all[all.size() / 2];
  }
};

void measure(const char* title, const char* url) {
  constexpr int kRounds = 1'500, kWaiting = 100'000;
  std::printf("%s\n", title);
  Node empty(url, "empty", 0), full(url, "full", kWaiting);
  Times submit_empty, submit_full, take_empty, take_full;
  for (int i = 0; i < kRounds; ++i) {
    submit_empty.all.push_back(empty.submit(i));
    submit_full.all.push_back(full.submit(i));
    take_empty.all.push_back(empty.take());
    take_full.all.push_back(full.take());
  }
  const auto line = [](const char* what, Times& none, Times& many) {
    std::printf(
        "  %s: %.0f us (median %.0f) with none, %.0f us (median %.0f) with %d waiting: ratio %.2f "
        "(median %.2f)\n",
        what, none.mean(), none.median(), many.mean(), many.median(), kWaiting,
        many.mean() / none.mean(), many.median() / none.median());
  };
  line("submit", submit_empty, submit_full);
  line("take", take_empty, take_full);
}

}  // namespace

int main() {
  measure("queue in the database (SQLite)", nullptr);
  if (const char* url = std::getenv("CADLENS_BENCH_REDIS_URL")) measure("queue in Redis", url);
  return 0;
}
