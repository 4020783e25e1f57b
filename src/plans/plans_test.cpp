// SPDX-License-Identifier: Apache-2.0
#include "plans/plans.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cad::plans {
namespace {

using testing::HasSubstr;

std::string fault_of(std::string_view json) {
  const auto plans = Plans::parse(json, "plans.json");
  return plans ? "" : plans.error().message;
}

// A file of one plan, with that text in place of its members.
std::string file_with(const std::string& members) {
  return R"({"default": "A", "registration": "A", "plans": [{)" + members + "}]}";
}
std::string plan_with(const std::string& requests, const std::string& bytes,
                      const std::string& more = "") {
  return file_with(R"("name": "A", "label": "a", "requestsPerMonth": )" + requests +
                   R"(, "maxFileBytes": )" + bytes + R"(, "active": true)" + more);
}

TEST(Plans, the_built_in_ones_are_those_that_are_published) {
  const auto plans = built_in();
  constexpr std::uint64_t kMb = 1 << 20;
  const struct {
    const char* name;
    std::optional<std::int64_t> requests;
    std::uint64_t mb;
  } published[] = {{"FREE", 50, 10},     {"STARTER", 500, 25},      {"GROWTH", 2000, 50},
                   {"PRO", 10'000, 100}, {"BUSINESS", 40'000, 250}, {"ENTERPRISE", {}, 1024}};
  for (const auto& row : published) {
    const Plan* plan = plans->find(row.name);
    ASSERT_NE(plan, nullptr) << row.name;
    EXPECT_EQ(plan->requests_per_month, row.requests) << row.name;
    EXPECT_EQ(plan->max_file_bytes, row.mb * kMb) << row.name;
    EXPECT_TRUE(plan->active) << row.name;
  }
  EXPECT_EQ(plans->all().size(), 7u);
  EXPECT_EQ(plans->standard().name, "SELF_HOSTED");
  EXPECT_FALSE(plans->standard().active);
  EXPECT_FALSE(plans->standard().requests_per_month);
  EXPECT_FALSE(plans->standard().max_file_bytes);
  EXPECT_EQ(plans->registration().name, "FREE");
}

TEST(Plans, an_operators_file_is_taken_as_it_is) {
  const auto plans = Plans::parse(
      plan_with("0", "1", R"(, "price": {"amount": 1900, "currency": "EUR", "interval": "month"})"),
      "plans.json");
  ASSERT_TRUE(plans) << plans.error().message;
  EXPECT_EQ(plans->standard().requests_per_month, 0);
  EXPECT_EQ(plans->standard().max_file_bytes, 1u);
  ASSERT_TRUE(plans->standard().price);
  EXPECT_EQ(plans->standard().price->amount, 1900);
  EXPECT_EQ(plans->find("B"), nullptr);
}

TEST(Plans, what_is_wrong_with_a_file_is_said) {
  EXPECT_THAT(fault_of("{"), HasSubstr("no JSON"));
  EXPECT_THAT(fault_of("[]"), HasSubstr("must be an object"));
  EXPECT_THAT(fault_of(R"({"default": "A", "plans": []})"), HasSubstr("\"registration\""));
  EXPECT_THAT(fault_of(R"({"default": "A", "registration": "A", "plans": []})"),
              HasSubstr("no plan \"A\""));
  EXPECT_THAT(fault_of(plan_with("-1", "1")), HasSubstr("\"requestsPerMonth\""));
  EXPECT_THAT(fault_of(plan_with("1.5", "1")), HasSubstr("\"requestsPerMonth\""));
  EXPECT_THAT(fault_of(plan_with("18446744073709551615", "1")), HasSubstr("\"requestsPerMonth\""));
  EXPECT_THAT(fault_of(plan_with("\"50\"", "1")), HasSubstr("\"requestsPerMonth\""));
  EXPECT_THAT(fault_of(plan_with("1", "0")), HasSubstr("\"maxFileBytes\""));
  EXPECT_THAT(fault_of(plan_with("1", "1", R"(, "colour": 1)")),
              HasSubstr("plan 1: the member \"colour\" is unknown"));
  EXPECT_THAT(fault_of(plan_with("1", "1", R"(, "active": false)")),
              HasSubstr("\"active\" is there twice"));
  EXPECT_THAT(fault_of(file_with(R"("name": "a")")), HasSubstr("is missing"));
  EXPECT_THAT(fault_of(plan_with("1", "1", R"(, "price": {"amount": -1, "currency": "EUR",
                       "interval": "month"})")),
              HasSubstr("\"amount\""));
  EXPECT_THAT(fault_of(plan_with("1", "1", R"(, "price": {"amount": 1, "currency": "eur",
                       "interval": "month"})")),
              HasSubstr("\"currency\""));
  EXPECT_THAT(fault_of(plan_with("1", "1", R"(, "price": {"amount": 1, "currency": "EUR",
                       "interval": "day"})")),
              HasSubstr("\"interval\""));
  EXPECT_EQ(fault_of(plan_with("null", "null")), "");
  const std::string one = R"({"name": "A", "label": "a", "requestsPerMonth": 1, "maxFileBytes": 1,
                              "active": true})";
  EXPECT_THAT(
      fault_of(R"({"default": "A", "registration": "A", "plans": [)" + one + "," + one + "]}"),
      HasSubstr("plan 2: the name A is taken"));
  EXPECT_THAT(load("/nonexistent/plans.json").error().message, HasSubstr("/nonexistent"));
}

}  // namespace
}  // namespace cad::plans
