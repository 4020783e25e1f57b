// SPDX-License-Identifier: Apache-2.0
#include "logging/formatter.hpp"

#include <spdlog/fmt/chrono.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
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

// Nearly every line is one: rows of fields by the tests of the call sites, in plain characters.
// Those need not be read to be told from what a library may say.
bool is_plain_row(std::string_view line) {
  return line.starts_with("event=") &&
         std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// "-" and nothing stand for a value that there is not: the field is left out.
void append_json_field(Buffer& out, const Field& field) {
  if (!field.is_text && (field.value.empty() || field.value == "-")) return;
  // The type of one that is not listed must not hang on its value.
  const FieldName name =
      find_field(field.key).value_or(FieldName{field.key, field.key, FieldType::text});
  append(out, ",\"");
  append(out, name.json);
  append(out, "\":");
  // A quoted text is a JSON string already.
  if (field.is_text || is_of(name.type, field.value)) {
    append(out, field.value);
  } else {
    append_text(out, field.value);
  }
}

// Holds nothing but what it is for, so any number of threads may use one.
class LineFormatter : public spdlog::formatter {
 public:
  explicit LineFormatter(LogFormat format) : format_(format) {}
  void format(const spdlog::details::log_msg& message, Buffer& out) override {
    const bool json = format_ == LogFormat::json;
    append(out, json ? "{\"time\":\"" : "time=");
    append_time(out, message.time);
    append(out, json ? "\",\"level\":\"" : " level=");
    append(out, view(spdlog::level::to_string_view(message.level)));
    if (json)
      append_object(view(message.payload), out);
    else
      append_row(view(message.payload), out);
    out.push_back('\n');
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<LineFormatter>(format_);
  }

 private:
  static void append_row(std::string_view line, Buffer& out) {
    if (is_plain_row(line) || parse_fields(line)) {
      out.push_back(' ');
      append(out, line);
    } else {
      append(out, " message=");
      append_text(out, line);
    }
  }

  static void append_object(std::string_view line, Buffer& out) {
    out.push_back('"');
    if (const auto fields = parse_fields(line)) {
      for (const Field& field : *fields) append_json_field(out, field);
    } else {
      append(out, ",\"message\":");
      append_text(out, line);
    }
    out.push_back('}');
  }

  const LogFormat format_;
};

// spdlog's own sinks format under their lock, so that the threads would wait for each other's
// fields. A line is one write here: standard error has no buffer, and its own lock.
class StderrSink : public spdlog::sinks::sink {
 public:
  void log(const spdlog::details::log_msg& message) override {
    Buffer line;
    formatter_->format(message, line);
    std::fwrite(line.data(), 1, line.size(), stderr);
  }
  void flush() override {}
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter> formatter) override {
    formatter_ = std::move(formatter);
  }

 private:
  std::unique_ptr<spdlog::formatter> formatter_ = make_formatter(LogFormat::text);
};

}  // namespace

Result<LogFormat> parse_log_format(std::string_view text) {
  if (text == "text") return LogFormat::text;
  if (text == "json") return LogFormat::json;
  return fail(ErrorCode::invalid_argument, "--log-format is text or json.");
}

std::unique_ptr<spdlog::formatter> make_formatter(LogFormat format) {
  return std::make_unique<LineFormatter>(format);
}

std::shared_ptr<spdlog::logger> make_log(LogFormat format) {
  auto log = std::make_shared<spdlog::logger>("cadlens", std::make_shared<StderrSink>());
  log->set_formatter(make_formatter(format));
  return log;
}

}  // namespace cad::logging
