// SPDX-License-Identifier: Apache-2.0
#include "logging/formatter.hpp"

#include <spdlog/fmt/chrono.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <iterator>

#include "logging/fields.hpp"
#include "logging/quoted.hpp"

namespace cad::logging {
namespace {

using Buffer = spdlog::memory_buf_t;

std::string_view view(spdlog::string_view_t text) { return {text.data(), text.size()}; }

void append(Buffer& out, std::string_view text) {
  out.append(text.data(), text.data() + text.size());
}

void append_text(Buffer& out, std::string_view text) {
  fmt::memory_buffer quoted;
  append_quoted(text, quoted);
  out.append(quoted.begin(), quoted.end());
}

// As spdlog's own pattern would, but in a form that both formatters share.
void append_time(Buffer& out, spdlog::log_clock::time_point time) {
  using namespace std::chrono;
  const auto ms = duration_cast<milliseconds>(time.time_since_epoch());
  const std::time_t seconds = duration_cast<std::chrono::seconds>(ms).count();
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                 parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                 parts.tm_sec, ms.count() % 1000);
}

bool is_integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool digits =
      !text.empty() && text.size() <= 19 &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && (text.size() == 1 || text.front() != '0');
}

bool is_number(std::string_view text) {
  const auto point = text.find('.');
  if (point == text.npos) return is_integer(text);
  const std::string_view after = text.substr(point + 1);
  return is_integer(text.substr(0, point)) && !after.empty() &&
         std::all_of(after.begin(), after.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_of(FieldType type, std::string_view text) {
  switch (type) {
    case FieldType::text: return false;
    case FieldType::integer: return is_integer(text);
    case FieldType::number: return is_number(text);
    case FieldType::boolean: return text == "true" || text == "false";
  }
  return false;
}

class TextFormatter : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, Buffer& out) override {
    append(out, "time=");
    append_time(out, message.time);
    append(out, " level=");
    append(out, view(spdlog::level::to_string_view(message.level)));
    out.push_back(' ');
    const std::string_view line = view(message.payload);
    if (parse_fields(line)) {
      append(out, line);
    } else {
      append(out, "message=");
      append_text(out, line);
    }
    out.push_back('\n');
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<TextFormatter>();
  }
};

class JsonFormatter : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, Buffer& out) override {
    append(out, "{\"time\":\"");
    append_time(out, message.time);
    append(out, "\",\"level\":\"");
    append(out, view(spdlog::level::to_string_view(message.level)));
    out.push_back('"');
    const std::string_view line = view(message.payload);
    if (const auto fields = parse_fields(line)) {
      for (const Field& field : *fields) append_field(out, field);
    } else {
      append(out, ",\"message\":");
      append_text(out, line);
    }
    append(out, "}\n");
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonFormatter>();
  }

 private:
  // "-" and nothing stand for a value that there is not: the field is left out.
  static void append_field(Buffer& out, const Field& field) {
    if (!field.is_text && (field.value.empty() || field.value == "-")) return;
    const FieldName name = name_of(field.key);
    append(out, ",\"");
    append(out, name.json);
    append(out, "\":");
    if (field.is_text) {
      append(out, field.value);  // it is a JSON string already
    } else if (is_of(name.type, field.value)) {
      append(out, field.value);
    } else {
      append_text(out, field.value);
    }
  }
};

}  // namespace

Result<LogFormat> parse_log_format(std::string_view text) {
  if (text == "text") return LogFormat::text;
  if (text == "json") return LogFormat::json;
  return fail(ErrorCode::invalid_argument, "--log-format is text or json.");
}

std::unique_ptr<spdlog::formatter> make_formatter(LogFormat format) {
  if (format == LogFormat::json) return std::make_unique<JsonFormatter>();
  return std::make_unique<TextFormatter>();
}

std::shared_ptr<spdlog::logger> make_log(LogFormat format) {
  auto log = std::make_shared<spdlog::logger>("cadlens",
                                              std::make_shared<spdlog::sinks::stderr_sink_mt>());
  log->set_formatter(make_formatter(format));
  log->flush_on(spdlog::level::info);
  return log;
}

}  // namespace cad::logging
