// SPDX-License-Identifier: Apache-2.0
#include "usage/spikes.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "store/repositories.hpp"
#include "store/testing/accounts.hpp"

namespace cad::usage {
namespace {

using History = std::vector<std::int64_t>;

// 28 days, each as the function of its number says; today would be day 28.
template <class F>
History days(F requests, int count = 28) {
  History out;
  for (int day = 0; day < count; ++day) out.push_back(requests(day));
  return out;
}
bool is_spike(std::int64_t today, const History& history) {
  return unusual(today, history, {}).has_value();
}
// Neither regular nor wild: from 10 to 20.
std::int64_t lively(int day) { return 10 + (day * 7919) % 11; }

TEST(Spikes, S23_a_leaked_key_is_noticed) {
  EXPECT_EQ(unusual(500, days(lively), {}), 16);
  EXPECT_TRUE(is_spike(80, days(lively)));
  EXPECT_FALSE(is_spike(30, days(lively))) << "a busy day";
}

TEST(Spikes, S23_a_key_that_lay_unused_is_noticed_from_the_floor_on) {
  const History unused(28, 0);
  EXPECT_FALSE(is_spike(19, unused));
  EXPECT_EQ(unusual(20, unused, {}), 0);
}

TEST(Spikes, young_keys_have_no_habits) {
  EXPECT_FALSE(is_spike(100'000, History(6, 10)));
  EXPECT_TRUE(is_spike(100'000, History(7, 10)));
  EXPECT_FALSE(is_spike(100'000, {}));
}

TEST(Spikes, a_key_that_never_varies_may_vary_a_little) {
  const History constant(28, 1000);  // a MAD of 0
  EXPECT_FALSE(is_spike(1000, constant));
  EXPECT_FALSE(is_spike(1800, constant));
  EXPECT_TRUE(is_spike(2000, constant));
}

TEST(Spikes, working_days_and_weekends) {
  const auto office = [](int day) { return day % 7 < 5 ? 100 + day % 3 : 0; };
  EXPECT_FALSE(is_spike(103, days(office))) << "a Monday";
  EXPECT_FALSE(is_spike(100, days(office, 26)))
      << "a Saturday like a working day: no more than usual";
  EXPECT_TRUE(is_spike(400, days(office)));
}

TEST(Spikes, the_report_of_every_monday_is_no_spike) {
  const auto mondays = [](int day) { return day % 7 == 0 ? 200 : 0; };
  EXPECT_FALSE(is_spike(220, days(mondays))) << "today is a Monday, too";
  EXPECT_TRUE(is_spike(220, days(mondays, 27))) << "today is a Sunday";
  EXPECT_TRUE(is_spike(600, days(mondays))) << "but not that many";
}

TEST(Spikes, a_slow_growth_is_no_spike) {
  double requests = 20;
  History history;
  for (int day = 0; day < 90; ++day, requests *= 1.05) {
    const auto today = static_cast<std::int64_t>(requests);
    const std::size_t known = std::min<std::size_t>(history.size(), 28);
    EXPECT_FALSE(is_spike(today, History(history.end() - static_cast<long>(known), history.end())))
        << "day " << day;
    history.push_back(today);
  }
}

TEST(Spikes, a_spike_of_last_week_does_not_hide_one_of_today) {
  History history = days(lively);
  history[18] = 5000;
  EXPECT_TRUE(is_spike(500, history));
}

TEST(Spikes, S23_keys_are_judged_by_their_own_days_and_flagged_once) {
  const auto dir =
      std::filesystem::temp_directory_path() / ("cadlens-spikes-" + std::to_string(::getpid()));
  std::filesystem::create_directories(dir);
  const auto database = store::open_sqlite((dir / "db").string()).value();
  ASSERT_TRUE(store::migrate(*database, 1));
  const store::Day today = 20'000;
  const store::UnixMs now = store::start_of(today) + 50'000'000;
  const auto add_key = [&](const std::string& id, store::Day made) {
    store::ApiKey key;
    key.id = key.account_id = key.hash = id;
    key.name = "name of " + id;
    key.created_at = store::start_of(made) + 1;
    ASSERT_TRUE(store::add_account_of(*database, key));
  };
  const auto use = [&](const std::string& id, store::Day day, std::int64_t requests) {
    ASSERT_TRUE(
        database->write("INSERT INTO usage (account_id, day, key_id, format, requests)"
                        " VALUES ($1, $2, $1, 'DXF', $3)",
                        {id, day, requests}));
  };
  add_key("steady", today - 40);
  add_key("leaked", today - 40);
  add_key("seldom", today - 8);  // seven full days, without a request
  add_key("young", today - 7);
  for (store::Day day = today - 28; day < today; ++day) {
    use("steady", day, 500);
    use("leaked", day, 5);
  }
  use("steady", today, 500);
  for (const char* id : {"leaked", "seldom", "young"}) use(id, today, 500);
  const auto found = find_spikes(*database, now).value();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].spike.key_id, "leaked");
  EXPECT_EQ(found[0].spike.requests, 500);
  EXPECT_EQ(found[0].spike.usual, 5);
  EXPECT_EQ(found[0].key_name, "name of leaked");
  EXPECT_EQ(found[1].spike.key_id, "seldom");
  EXPECT_TRUE(find_spikes(*database, now)->empty()) << "told once";
  std::filesystem::remove_all(dir);
}

}  // namespace
}  // namespace cad::usage
