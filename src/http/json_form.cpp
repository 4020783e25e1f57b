// SPDX-License-Identifier: Apache-2.0
#include "http/json_form.hpp"

#include <sys/time.h>

#include <ctime>

namespace cad::http {
namespace {

bool says_json(const Request& request) {
  const auto type = request.headers.find("Content-Type");
  if (!type) return false;
  const std::string_view media = type->substr(0, type->find(';'));
  return same_name(media.substr(0, media.find(' ')), "application/json");
}

tl::unexpected<ApiError> no_object(std::string message) {
  FieldErrors errors;
  errors.form.push_back(std::move(message));
  return tl::unexpected(validation_error(std::move(errors)));
}

std::string at_most(std::size_t most) {
  return "Must be text of at most " + std::to_string(most) + " bytes.";
}

// "2026-05-13T10:14:22Z", ".5" after the seconds, "+02:00" for "Z".
std::optional<std::int64_t> parse_iso(const std::string& text) {
  std::tm parts{};
  const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr) return std::nullopt;
  std::int64_t ms = 0;
  if (*rest == '.') {
    std::int64_t unit = 100;
    for (++rest; *rest >= '0' && *rest <= '9'; ++rest, unit /= 10) ms += unit * (*rest - '0');
  }
  std::int64_t offset = 0;
  if (*rest == '+' || *rest == '-') {
    int hours = 0, minutes = 0, used = 0;
    if (std::sscanf(rest + 1, "%2d:%2d%n", &hours, &minutes, &used) != 2 || used != 5)
      return std::nullopt;
    offset = (*rest == '+' ? 1 : -1) * (hours * 60 + minutes) * 60;
    rest += 6;
  } else if (*rest == 'Z') {
    ++rest;
  } else {
    return std::nullopt;
  }
  if (*rest != '\0') return std::nullopt;
  return (static_cast<std::int64_t>(::timegm(&parts)) - offset) * 1000 + ms;
}

}  // namespace

tl::expected<JsonForm, ApiError> JsonForm::read(Call& call) {
  if (!says_json(call.request))
    return tl::unexpected(ApiError(415, "UNSUPPORTED_MEDIA_TYPE",
                                   "The body must be JSON: Content-Type: application/json."));
  auto body = call.read_body();
  if (!body) return tl::unexpected(std::move(body.error()));
  auto json = nlohmann::json::parse(*body, nullptr, false);
  wipe_memory(std::as_writable_bytes(std::span(*body)));
  if (!json.is_object()) return no_object("The body must be a JSON object.");
  return JsonForm(std::move(json));
}

tl::expected<JsonForm, ApiError> JsonForm::read_optional(Call& call) {
  if (call.request.body->declared_size() == 0 ||
      (!call.request.body->declared_size() && !call.request.headers.find("Content-Type")))
    return JsonForm(nlohmann::json::object());
  return read(call);
}

const nlohmann::json* JsonForm::find(std::string_view name) const {
  const auto found = json_.find(name);
  return found == json_.end() || found->is_null() ? nullptr : &*found;
}

bool JsonForm::has(std::string_view name) const { return find(name) != nullptr; }

std::optional<std::string> JsonForm::maybe_text(std::string_view name, std::size_t most) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string() && value->get_ref<const std::string&>().size() <= most)
    return value->get<std::string>();
  fault(name, at_most(most));
  return std::nullopt;
}

std::string JsonForm::text(std::string_view name, std::size_t most) {
  auto value = maybe_text(name, most);
  if (!has(name) || (value && value->empty())) fault(name, "Required.");
  return value.value_or("");
}

Secret JsonForm::secret(std::string_view name, std::size_t most) {
  std::string value = text(name, most);
  if (const auto found = json_.find(name); found != json_.end() && found->is_string())
    wipe_memory(std::as_writable_bytes(std::span(found->get_ref<std::string&>())));
  return Secret::from_text(value);
}

std::optional<bool> JsonForm::boolean(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  fault(name, "Must be true or false.");
  return std::nullopt;
}

std::optional<std::int64_t> JsonForm::integer(std::string_view name, std::int64_t least,
                                              std::int64_t most) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_number_integer() && *value >= least && *value <= most)
    return value->get<std::int64_t>();
  fault(name, "Must be a whole number from " + std::to_string(least) + " to " +
                  std::to_string(most) + ".");
  return std::nullopt;
}

std::optional<std::vector<std::string>> JsonForm::texts(std::string_view name,
                                                        std::size_t most_words, std::size_t most) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  std::vector<std::string> out;
  bool good = value->is_array() && value->size() <= most_words;
  for (std::size_t i = 0; good && i < value->size(); ++i) {
    const auto& word = (*value)[i];
    good = word.is_string() && word.get_ref<const std::string&>().size() <= most;
    if (good) out.push_back(word.get<std::string>());
  }
  if (good) return out;
  fault(name, "Must be a list of at most " + std::to_string(most_words) + " texts.");
  return std::nullopt;
}

std::optional<std::int64_t> JsonForm::time(std::string_view name) {
  const auto text = maybe_text(name, 64);
  if (!text) return std::nullopt;
  const auto time = parse_iso(*text);
  if (!time) fault(name, "Must be a time like 2026-05-13T10:14:22Z.");
  return time;
}

void JsonForm::fault(std::string_view name, std::string what) {
  errors_.fields[std::string(name)].push_back(std::move(what));
}

tl::expected<void, ApiError> JsonForm::check() const {
  if (errors_.empty()) return {};
  return tl::unexpected(validation_error(errors_));
}

}  // namespace cad::http
