// SPDX-License-Identifier: Apache-2.0
#include "jose/strict_json.hpp"

#include <set>
#include <string>
#include <vector>

namespace cad::jose {

namespace {

// Walks the text once and builds nothing, so that nesting is refused before it costs anything.
class Strictness {
 public:
  using Json = nlohmann::json;

  bool null() { return true; }
  bool boolean(bool) { return true; }
  bool number_integer(Json::number_integer_t) { return true; }
  bool number_unsigned(Json::number_unsigned_t) { return true; }
  bool number_float(Json::number_float_t, const std::string&) { return true; }
  bool string(std::string&) { return true; }
  bool binary(Json::binary_t&) { return true; }
  bool start_object(std::size_t) { return enter(); }
  bool start_array(std::size_t) { return enter(); }
  bool end_object() { return leave(); }
  bool end_array() { return leave(); }
  bool key(std::string& name) {
    if (members_.back().insert(name).second) return true;
    problem_ = " names a member twice.";
    return false;
  }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) {
    problem_ = " is no JSON.";
    return false;
  }
  const std::string& problem() const { return problem_; }

 private:
  bool enter() {
    members_.emplace_back();
    if (members_.size() <= kMaxJsonDepth) return true;
    problem_ = " is nested too deeply.";
    return false;
  }
  bool leave() {
    members_.pop_back();
    return true;
  }

  std::vector<std::set<std::string>> members_;
  std::string problem_;
};

}  // namespace

Result<nlohmann::json> parse_strict_object(std::string_view text, std::string_view what) {
  Strictness strictness;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &strictness))
    return fail(ErrorCode::integrity, std::string(what) + strictness.problem());
  auto json = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (!json.is_object()) return fail(ErrorCode::integrity, std::string(what) + " is no object.");
  return json;
}

}  // namespace cad::jose
