// SPDX-License-Identifier: Apache-2.0
// What the tests of every queue share.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "crypto/bytes.hpp"
#include "queue/redis_queue.hpp"
#include "queue/turns.hpp"
#include "redis/client.hpp"
#include "redis/testing/redis_server.hpp"
#include "store/repositories.hpp"
#include "store/testing/databases.hpp"

namespace cad::queue {

using namespace std::chrono_literals;

// A database with three accounts, and queues of several nodes on it.
class QueueFixture : public testing::Test {
 protected:
  bool open(const store::Implementation& implementation) {
    dir_ = std::filesystem::temp_directory_path() / ("cadlens-queue-" + crypto::random_hex(8));
    std::filesystem::create_directories(dir_);
    const std::string place = implementation.make(dir_.string());
    missing_ = place.empty();
    if (missing_) return false;
    auto opened = store::open_database(place);
    if (!opened || !store::migrate(**opened, 1)) return false;
    database_ = std::move(*opened);
    store::KeyRepository keys(*database_);
    for (const std::string account : {"acc", "other", "third"}) {
      store::ApiKey key;
      key.id = key.hash = "key of " + account;
      key.account_id = account;
      if (!keys.insert_account(account, account, 1) || !keys.insert(key)) return false;
    }
    return true;
  }
  void TearDown() override {
    queue_.reset();
    client_.reset();
    database_.reset();
    if (!dir_.empty()) std::filesystem::remove_all(dir_);
  }

  // Short times, so that upkeep() does all of its work each time.
  RedisQueueOptions redis_options(Options limits) const {
    RedisQueueOptions options;
    options.limits = limits;
    options.lease = 50ms;
    options.tick = 1ms;
    options.walk_every = options.settle = 0ms;
    options.page = 7;
    return options;
  }

  void insert(const store::Job& job) {
    ASSERT_TRUE(store::JobRepository(*database_).insert(job, {}));
  }
  static store::Job job(const std::string& id, store::UnixMs created,
                        const std::string& account = "acc") {
    store::Job job;
    job.id = job.uuid = id;
    job.key_id = "key of " + account;
    job.account_id = account;
    job.created_at = job.updated_at = job.turn_at = created;
    return job;
  }
  void add(const store::Job& job) {
    insert(job);
    queue_->offer(job);
  }
  void add(const std::string& id, store::UnixMs created, const std::string& account = "acc") {
    add(job(id, created, account));
  }
  store::Job stored(const std::string& id) {
    return store::JobRepository(*database_).find(id).value();
  }
  std::optional<Taken> take(store::UnixMs now, const std::string& owner = "me") {
    auto taken = queue_->take(owner, now, 1000ms);
    EXPECT_TRUE(taken);
    return taken.value_or(std::nullopt);
  }
  static std::int64_t upkeep(Queue& queue, store::UnixMs now) {
    std::this_thread::sleep_for(3ms);  // whoever had the turn before has it no more
    return queue.upkeep(now).value();
  }
  bool complete(const Taken& taken, store::UnixMs now, Queue& queue) {
    const bool done = store::JobRepository(*database_)
                          .complete(taken.job.id, taken.lease.owner, taken.lease.attempt, {}, now)
                          .value();
    queue.release(taken.job.id, taken.lease);
    return done;
  }

  bool missing_ = false;  // the database's server is not installed
  std::filesystem::path dir_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<redis::Client> client_;
  std::unique_ptr<Queue> queue_;
};

// The names of the jobs that as many takers get, in their order; "-" for none.
inline std::string in_order(Queue& queue, int takers, const std::string& owner = "me",
                            store::UnixMs now = 1000) {
  std::string names;
  for (int i = 0; i < takers; ++i) {
    const auto taken = queue.take(owner, now, 1000ms).value();
    names += (names.empty() ? "" : " ") + (taken ? taken->job.id : "-");
  }
  return names;
}

}  // namespace cad::queue
