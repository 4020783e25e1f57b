// SPDX-License-Identifier: Apache-2.0
// How the service's log looks: one line, or one JSON object, an entry.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"

namespace spdlog {
class formatter;
class logger;
}  // namespace spdlog

namespace cad::logging {

enum class LogFormat { text, json };
Result<LogFormat> parse_log_format(std::string_view text);  // INVALID_ARGUMENT

// text: `time=2026-05-13T10:14:22.000Z level=info event=... key=value`.
// json: {"time":"...","level":"info","event":"...", fields as in fields.hpp}.
// A line that is no row of fields becomes one field, "message". Any number of threads may use one.
std::unique_ptr<spdlog::formatter> make_formatter(LogFormat format);

// To standard error, each line at once, formatted by the thread that says it.
std::shared_ptr<spdlog::logger> make_log(LogFormat format);

}  // namespace cad::logging
