// SPDX-License-Identifier: Apache-2.0
// For tests: the use cases with a real database, objects in memory and a worker that does as it is
// told.
#pragma once

#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "jobs/fake_blobs.hpp"
#include "jobs/run.hpp"
#include "jobs/submit.hpp"
#include "store/testing/accounts.hpp"

namespace cad::jobs {

using sandbox::WorkerEnd;
using namespace std::chrono_literals;

inline constexpr std::string_view kDxf =
    "0\nSECTION\n2\nENTITIES\n0\nLINE\n8\n0\n10\n0\n20\n0\n11\n1\n21\n1\n0\nENDSEC\n0\nEOF\n";

class JobsTest : public testing::Test {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-jobs-" + std::to_string(::getpid()) + "-" +
            testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(dir_);
    database_ = store::open_sqlite((dir_ / "db").string()).value();
    ASSERT_TRUE(store::migrate(*database_, 1));
    store::ApiKey key;
    key.id = "key";
    key.account_id = "acc";
    ASSERT_TRUE(store::add_account_of(*database_, key));
    log_ =
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_mt>());
    reopen_queue();
  }
  void TearDown() override {
    services_.reset();
    queue_.reset();
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  // Runners close the queue when they stop.
  void reopen_queue() { reopen_queue(*database_); }
  void reopen_queue(store::Database& database, std::size_t jobs_of_account = 2) {
    const Settings settings = services_ ? services_->settings : Settings{};
    queue_ = queue::make_database_queue(database, jobs_of_account);
    services_ = std::make_unique<Services>(services_with(database, *queue_, *log_, settings));
  }
  Services services_with(store::Database& database, queue::Queue& queue, spdlog::logger& log,
                         const Settings& settings = {}) {
    return {database,   blobs_,  queue, events_,
            in_flight_, signer_, log,   [this] { return now_.load(); },
            settings};
  }

  template <class Condition>
  static bool soon(Condition condition) {
    for (int i = 0; i < 10'000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(2ms);
    }
    return false;
  }

  static std::span<const std::byte> bytes(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
  }
  Result<Submitted> submit(std::string_view content, const SubmitFields& fields = {},
                           std::string_view name = "a.dxf") {
    Upload upload(*services_, principal_, name);
    CAD_TRY(upload.write(bytes(content)));
    CAD_TRY(upload.end_of_file());
    return upload.finish(fields);
  }
  store::Job stored(const std::string& id) { return services_->jobs().find(id).value(); }

  // Runs until the job is final, the worker answering with one report after the other.
  store::Job run(const std::string& id, std::vector<sandbox::WorkerReport> reports) {
    RunnerOptions options;
    options.threads = 1;
    options.look_every = 5ms;
    options.retry_after = 0ms;
    std::atomic<std::size_t> calls = 0;
    Runners runners(*services_, options,
                    [&](const auto&, const auto& drawing, const auto& callbacks, const auto&) {
                      std::array<std::byte, 16> head;
                      EXPECT_EQ(drawing(head).value(), 16u);
                      const std::string_view part = "{}";
                      EXPECT_TRUE(callbacks.parts->write(PartKind::result, 0, bytes(part)));
                      return reports.at(std::min(calls++, reports.size() - 1));
                    });
    runners.start();
    for (int i = 0; i < 2000 && !store::is_final(stored(id).status); ++i)
      std::this_thread::sleep_for(2ms);
    runners.stop();
    attempts_ = calls;
    return stored(id);
  }
  static sandbox::WorkerReport report(WorkerEnd end, int signal = 0) {
    sandbox::WorkerReport out;
    out.end = end;
    out.signal = signal;
    return out;
  }

  std::filesystem::path dir_;
  std::unique_ptr<store::Database> database_;
  FakeBlobs blobs_;
  std::unique_ptr<queue::Queue> queue_;
  EventHub events_;
  InFlight in_flight_;
  auth::UrlSigner signer_{std::array<std::uint8_t, 32>{}};
  std::shared_ptr<spdlog::logger> log_;
  std::atomic<UnixMs> now_ = 1'000'000;
  std::unique_ptr<Services> services_;
  auth::Principal principal_{"key", "acc", "key", "parse"};
  std::size_t attempts_ = 0;
};

}  // namespace cad::jobs
