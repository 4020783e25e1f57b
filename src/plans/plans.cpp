// SPDX-License-Identifier: Apache-2.0
#include "plans/plans.hpp"

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace cad::plans {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostFileBytes = 1 << 20, kMostPlans = 100;
constexpr std::size_t kMostName = 32, kMostLabel = 60;
constexpr std::int64_t kMostRequests = 1'000'000'000'000, kMostAmount = 1'000'000'000'000;
constexpr std::int64_t kMostBytes = std::int64_t{1} << 50;

tl::unexpected<Error> refuse(const std::string& where, const std::string& what) {
  return fail(ErrorCode::invalid_argument, where + ": " + what);
}

// The parser would let the last of two members of one name win.
Result<Json> parse_unique(std::string_view text, const std::string& source) {
  std::vector<std::set<std::string>> open;
  std::string twice;
  const auto watch = [&](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start) open.emplace_back();
    if (event == Json::parse_event_t::object_end) open.pop_back();
    if (event == Json::parse_event_t::key && twice.empty() &&
        !open.back().insert(value.get<std::string>()).second)
      twice = value.get<std::string>();
    return true;
  };
  try {
    Json json = Json::parse(text.begin(), text.end(), watch);
    if (!twice.empty()) return refuse(source, "the member \"" + twice + "\" is there twice.");
    return json;
  } catch (const Json::exception& fault) {
    return refuse(source, std::string("this is no JSON: ") + fault.what());
  }
}

Result<void> check_members(const Json& object, const std::string& where,
                           std::initializer_list<std::string_view> known) {
  if (!object.is_object()) return refuse(where, "must be an object.");
  for (const auto& [name, value] : object.items())
    if (std::find(known.begin(), known.end(), name) == known.end())
      return refuse(where, "the member \"" + name + "\" is unknown.");
  for (const std::string_view name : known)
    if (name != "price" && !object.contains(name))
      return refuse(where, "the member \"" + std::string(name) + "\" is missing.");
  return {};
}

Result<std::string> text_of(const Json& object, const char* member, const std::string& where,
                            std::size_t most) {
  const Json& value = object.at(member);
  if (!value.is_string() || value.get_ref<const std::string&>().empty() ||
      value.get_ref<const std::string&>().size() > most)
    return refuse(where, "\"" + std::string(member) + "\" must be a text of 1 to " +
                             std::to_string(most) + " bytes.");
  return value.get<std::string>();
}

Result<std::int64_t> number_of(const Json& object, const char* member, const std::string& where,
                               std::int64_t least, std::int64_t most) {
  const Json& value = object.at(member);
  const bool whole = value.is_number_integer();
  const bool small = whole && (!value.is_number_unsigned() ||
                               value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most));
  if (!small || value.get<std::int64_t>() < least || value.get<std::int64_t>() > most)
    return refuse(where, "\"" + std::string(member) + "\" must be a whole number from " +
                             std::to_string(least) + " to " + std::to_string(most) + ".");
  return value.get<std::int64_t>();
}

bool is_plan_name(std::string_view name) {
  return !name.empty() && name.front() >= 'A' && name.front() <= 'Z' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

Result<std::optional<Price>> price_of(const Json& plan, const std::string& where) {
  if (!plan.contains("price") || plan.at("price").is_null()) return std::optional<Price>();
  const Json& json = plan.at("price");
  const std::string place = where + ", price";
  CAD_TRY(check_members(json, place, {"amount", "currency", "interval"}));
  Price price;
  CAD_ASSIGN(price.amount, number_of(json, "amount", place, 0, kMostAmount));
  CAD_ASSIGN(price.currency, text_of(json, "currency", place, 3));
  CAD_ASSIGN(price.interval, text_of(json, "interval", place, 5));
  if (price.currency.size() != 3 || !std::all_of(price.currency.begin(), price.currency.end(),
                                                 [](char c) { return c >= 'A' && c <= 'Z'; }))
    return refuse(place, "\"currency\" must be three capital letters, like EUR.");
  if (price.interval != "month" && price.interval != "year")
    return refuse(place, "\"interval\" must be \"month\" or \"year\".");
  return std::optional(std::move(price));
}

Result<Plan> plan_of(const Json& json, const std::string& place) {
  CAD_TRY(check_members(json, place,
                        {"name", "label", "requestsPerMonth", "maxFileBytes", "active", "price"}));
  Plan plan;
  CAD_ASSIGN(plan.name, text_of(json, "name", place, kMostName));
  if (!is_plan_name(plan.name))
    return refuse(place, "\"name\" must be of capital letters, digits and _, like PRO.");
  const std::string where = place + " (" + plan.name + ")";
  CAD_ASSIGN(plan.label, text_of(json, "label", where, kMostLabel));
  if (!json.at("requestsPerMonth").is_null()) {
    CAD_ASSIGN(plan.requests_per_month,
               number_of(json, "requestsPerMonth", where, 0, kMostRequests));
  }
  if (!json.at("maxFileBytes").is_null()) {
    CAD_ASSIGN(const std::int64_t bytes, number_of(json, "maxFileBytes", where, 1, kMostBytes));
    plan.max_file_bytes = static_cast<std::uint64_t>(bytes);
  }
  if (!json.at("active").is_boolean()) return refuse(where, "\"active\" must be true or false.");
  plan.active = json.at("active").get<bool>();
  CAD_ASSIGN(plan.price, price_of(json, where));
  return plan;
}

}  // namespace

const Plan* Plans::find(std::string_view name) const {
  const auto found = std::ranges::find(plans_, name, &Plan::name);
  return found == plans_.end() ? nullptr : &*found;
}

Result<Plans> Plans::parse(std::string_view text, const std::string& source) {
  CAD_ASSIGN(const Json json, parse_unique(text, source));
  CAD_TRY(check_members(json, source, {"default", "registration", "plans"}));
  Plans out;
  if (!json.at("plans").is_array() || json.at("plans").size() > kMostPlans)
    return refuse(source, "\"plans\" must be a list of at most 100 plans.");
  for (const Json& entry : json.at("plans")) {
    const std::string place = source + ", plan " + std::to_string(out.plans_.size() + 1);
    CAD_ASSIGN(Plan plan, plan_of(entry, place));
    if (out.find(plan.name) != nullptr)
      return refuse(place, "the name " + plan.name + " is taken by another plan.");
    out.plans_.push_back(std::move(plan));
  }
  CAD_ASSIGN(out.standard_, text_of(json, "default", source, kMostName));
  CAD_ASSIGN(out.registration_, text_of(json, "registration", source, kMostName));
  for (const std::string& name : {out.standard_, out.registration_})
    if (out.find(name) == nullptr)
      return refuse(source, "there is no plan \"" + name + "\" among the plans.");
  return out;
}

std::shared_ptr<const Plans> built_in() {
  static const auto plans =
      std::make_shared<const Plans>(Plans::parse(built_in_json(), "config/plans.json").value());
  return plans;
}

Result<std::shared_ptr<const Plans>> load(const std::string& path) {
  if (path.empty()) return built_in();
  std::ifstream file(path, std::ios::binary);
  std::string text(kMostFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad())
    return fail(ErrorCode::not_found, "The file of plans " + path + " cannot be read.");
  if (file.gcount() > static_cast<std::streamsize>(kMostFileBytes))
    return refuse(path, "a file of plans has at most 1 MiB.");
  text.resize(static_cast<std::size_t>(file.gcount()));
  CAD_ASSIGN(Plans plans, Plans::parse(text, path));
  return std::make_shared<const Plans>(std::move(plans));
}

}  // namespace cad::plans
