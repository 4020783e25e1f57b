// SPDX-License-Identifier: Apache-2.0
// What an account may use in a month. Plans are configuration: a JSON file, config/plans.json
// unless the operator names another.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cad::plans {

struct Price {
  std::int64_t amount = 0;  // in the currency's smallest unit
  std::string currency;     // ISO 4217
  std::string interval;     // "month", "year"
};

struct Plan {
  std::string name;                                // "FREE"
  std::string label;                               // for people
  std::optional<std::int64_t> requests_per_month;  // none: unlimited
  std::optional<std::uint64_t> max_file_bytes;     // none: what the installation takes at most
  bool active = false;                             // offered to the public
  std::optional<Price> price;
};

class Plans {
 public:
  // Strict: INVALID_ARGUMENT names `source`, the plan and what is wrong with it.
  static Result<Plans> parse(std::string_view json, const std::string& source);

  std::span<const Plan> all() const { return plans_; }
  const Plan* find(std::string_view name) const;
  // Of accounts that have no plan of their own: those the operator made.
  const Plan& standard() const { return *find(standard_); }
  // Of accounts that people register.
  const Plan& registration() const { return *find(registration_); }

 private:
  std::vector<Plan> plans_;
  std::string standard_, registration_;
};

std::string_view built_in_json();
// config/plans.json as it was when this was built.
std::shared_ptr<const Plans> built_in();
// The file's plans; the built-in ones without a path.
Result<std::shared_ptr<const Plans>> load(const std::string& path);

}  // namespace cad::plans
