// SPDX-License-Identifier: Apache-2.0
#include "metrics/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <sstream>
#include <thread>

#include "metrics/decorators.hpp"

namespace cad::metrics {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

TEST(Registry, writes_what_prometheus_reads) {
  Registry registry;
  const Counter counter = registry.counter("a_total", "Of a.", {{"kind", "x\"y"}});
  counter.add();
  counter.add(2);
  registry.gauge("b", "Of b.").set(1.5);
  constexpr double kBounds[] = {1, 10};
  registry.histogram("c_seconds", "Of c.", kBounds).observe(500ms);
  const std::string text = registry.text();
  for (const char* line :
       {"# HELP a_total Of a.\n# TYPE a_total counter\na_total{kind=\"x\\\"y\"} 3\n",
        "# TYPE b gauge\nb 1.5\n", "c_seconds_count 1\n", "c_seconds_sum 0.5\n",
        "c_seconds_bucket{le=\"1\"} 1\n", "c_seconds_bucket{le=\"+Inf\"} 1\n"})
    EXPECT_THAT(text, HasSubstr(line));
}

TEST(Registry, the_same_labels_are_the_same_series) {
  Registry registry;
  for (int i = 0; i < 3; ++i) registry.counter("a_total", "A.", {{"k", "v"}}).add();
  EXPECT_THAT(registry.text(), HasSubstr("a_total{k=\"v\"} 3\n"));
}

TEST(Registry, looks_before_it_tells) {
  Registry registry;
  const Gauge gauge = registry.gauge("a", "A.");
  registry.on_collect([gauge, n = 0.0]() mutable { gauge.set(++n); });
  EXPECT_THAT(registry.text(), HasSubstr("\na 1\n"));
  EXPECT_THAT(registry.text(), HasSubstr("\na 2\n"));
}

TEST(Metrics, many_threads_lose_nothing) {
  Metrics all;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) all.requests.ended("GET", "/v1/jobs", 200, 1ms, 1, 2);
    });
  for (auto& thread : threads) thread.join();
  const std::string text = all.registry.text();
  EXPECT_THAT(text, HasSubstr("cadlens_http_requests_total{method=\"GET\",route=\"/v1/jobs\","
                              "status=\"2xx\"} 8000\n"));
  EXPECT_THAT(text, HasSubstr("cadlens_http_sent_bytes_total 16000\n"));
}

TEST(Metrics, what_clients_say_is_no_label) {
  Metrics all;
  for (int i = 0; i < 1000; ++i)
    all.requests.ended("M" + std::to_string(i), "", 200 + i, 1ms, 0, 0);
  const std::string text = all.registry.text();
  EXPECT_THAT(text, HasSubstr("method=\"other\",route=\"none\",status=\"2xx\"} 100\n"));
  EXPECT_THAT(text, HasSubstr("status=\"other\"} 600\n"));
  EXPECT_THAT(text, Not(HasSubstr("M1\"")));
}

TEST(Metrics, kills_are_told_apart_from_the_drawings_own_ends) {
  Metrics all;
  all.jobs.attempt_ended("dxf", "completed", 0, 1s, 1s, 1000);
  all.jobs.attempt_ended("dxf", "rejected", 0, 1s, 1s, 1000);
  all.jobs.attempt_ended("dwg", "crashed", 31, 1s, 1s, 0);
  all.jobs.attempt_ended("dwg", "out_of_memory", 9, 1s, 1s, 0);
  const std::string text = all.registry.text();
  EXPECT_THAT(text,
              HasSubstr("cadlens_worker_kills_total{reason=\"crashed\",signal=\"SIGSYS\"} 1"));
  EXPECT_THAT(
      text, HasSubstr("cadlens_worker_kills_total{reason=\"out_of_memory\",signal=\"SIGKILL\"} 1"));
  EXPECT_THAT(text, Not(HasSubstr("reason=\"completed\"")));
  EXPECT_THAT(text, Not(HasSubstr("reason=\"rejected\"")));
  EXPECT_THAT(text,
              HasSubstr("cadlens_parse_seconds_count{format=\"dxf\",outcome=\"rejected\"} 1"));
}

TEST(Metrics, of_the_process_are_there) {
  Registry registry;
  add_process_metrics(registry, "1.2.3");
  std::istringstream lines(registry.text());
  std::set<std::string> positive;
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with('#') && std::stod(line.substr(line.rfind(' '))) > 0)
      positive.insert(line.substr(0, line.rfind(' ')));
  for (const char* name : {"process_resident_memory_bytes", "process_open_fds", "process_max_fds",
                           "process_cpu_seconds_total", "process_start_time_seconds",
                           "cadlens_build_info{version=\"1.2.3\"}"})
    EXPECT_TRUE(positive.contains(name)) << name;
}

class FakeDatabase : public store::Database {
 public:
  explicit FakeDatabase(ErrorCode& code) : code_(code) {}
  store::Dialect dialect() const override { return store::Dialect::postgres; }
  Result<store::Rows> read(std::string_view, const store::Values&) override {
    return fail(code_, "x");
  }
  Result<store::Rows> write(std::string_view, const store::Values&) override {
    return store::Rows{{}, 7};
  }
  Result<void> transaction(const std::function<Result<void>(store::Session&)>&) override {
    return {};
  }
  Result<void> transaction_for_now(const std::function<Result<void>(store::Session&)>&) override {
    return fail(ErrorCode::conflict, "its own");
  }
  Result<void> exclusively(const std::function<Result<void>(store::Session&)>&) override {
    return {};
  }
  Result<void> snapshot(const std::function<Result<void>(store::Session&)>&) override { return {}; }

 private:
  ErrorCode& code_;
};

TEST(MeasuredDatabase, passes_on_everything_and_tells_failures_from_answers) {
  Registry registry;
  ErrorCode code = ErrorCode::unavailable;
  FakeDatabase plain(code);
  const auto database = measured(plain, registry);
  EXPECT_EQ(database->dialect(), store::Dialect::postgres);
  EXPECT_EQ(database->write("", {})->changed, 7);
  EXPECT_TRUE(database->transaction({}));
  EXPECT_EQ(database->transaction_for_now({}).error().code, ErrorCode::conflict);
  for (const ErrorCode each :
       {ErrorCode::unavailable, ErrorCode::conflict, ErrorCode::not_found, ErrorCode::internal}) {
    code = each;
    EXPECT_EQ(database->read("", {}).error().code, each);
  }
  const std::string text = registry.text();
  const std::string of_read = "{operation=\"read\",";
  EXPECT_THAT(text, HasSubstr("cadlens_store_failures_total" + of_read +
                              "reason=\"unavailable\",store=\"database\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("cadlens_store_failures_total" + of_read +
                              "reason=\"error\",store=\"database\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("cadlens_store_seconds_count" + of_read + "store=\"database\"} 4\n"));
}

TEST(MeasuredBlobs, passes_on_everything) {
  Registry registry;
  const std::string dir = testing::TempDir() + "/measured-blobs";
  constexpr std::array<std::byte, 32> key{std::byte{7}};
  auto plain = blobs::open_local_store(
      dir, secrets::KeySource::fixed(secrets::KeyRing::of_one(key, "test")));
  ASSERT_TRUE(plain);
  const auto store = measured(**plain, registry);
  const std::vector<std::byte> bytes(1000, std::byte{1});
  {
    auto writer = store->create("a/b");
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->write(bytes));
    EXPECT_EQ((*writer)->bytes(), 1000u);
    ASSERT_TRUE((*writer)->commit());
  }
  auto reader = store->open("a/b");
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->size(), 1000u);
  std::vector<std::byte> into(2000);
  EXPECT_EQ((*reader)->read(0, into).value(), 1000u);
  EXPECT_EQ(store->list("a/")->size(), 1u);
  EXPECT_TRUE(store->remove("a/b"));
  EXPECT_EQ(store->open("a/b").error().code, ErrorCode::not_found);
  const std::string text = registry.text();
  for (const char* name : {"create", "write", "commit", "read", "list", "remove"})
    EXPECT_THAT(text, HasSubstr("cadlens_store_seconds_count{operation=\"" + std::string(name) +
                                "\",store=\"blobs\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("cadlens_blobs_read_bytes_total 1000\n"));
  EXPECT_THAT(text, Not(testing::ContainsRegex("cadlens_store_failures_total[^\n]* 1\n")));
}

}  // namespace
}  // namespace cad::metrics
