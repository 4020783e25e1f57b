// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>
#include <vector>

#include "logging/fields.hpp"
#include "logging/formatter.hpp"
#include "logging/outage.hpp"
#include "logging/quoted.hpp"
#include "test_paths.hpp"

namespace cad::logging {
namespace {

using nlohmann::json;

class Lines {
 public:
  explicit Lines(LogFormat format)
      : log_("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(told_)) {
    log_.set_formatter(make_formatter(format));
  }
  spdlog::logger& log() { return log_; }
  std::string text() const { return told_.str(); }
  json object() const {
    const std::string all = text();
    EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 1) << all;
    return json::parse(all);
  }

 private:
  std::ostringstream told_;
  spdlog::logger log_;
};

json logged(std::string_view line) {
  Lines lines(LogFormat::json);
  lines.log().info(spdlog::string_view_t(line.data(), line.size()));
  return lines.object();
}

TEST(Quoted, is_a_json_string_of_the_same_text) {
  for (const std::string& text :
       {std::string("plain"), std::string("a \"b\" \\ c"), std::string("two\nlines\r\tand\x01\x7f"),
        std::string("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), std::string("\0x", 2),
        std::string("\xe2\x80\xae"
                    "drow\xe2\x80\xa8")})
    EXPECT_EQ(json::parse(fmt::format("{}", logging::quoted(text))).get<std::string>(), text);
}

TEST(Quoted, holds_nothing_that_ends_a_line_or_moves_a_cursor) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  all += "\xc2\x9b\xe2\x80\xae\xe2\x80\xa9";
  const std::string out = fmt::format("{}", logging::quoted(all));
  for (const unsigned char c : out) EXPECT_TRUE(c >= 0x20 && c < 0x7F) << int(c);
}

TEST(Quoted, bytes_that_are_no_text_are_replaced) {
  for (const char* bad : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3", "\x80"}) {
    const std::string read =
        json::parse(fmt::format("{}", logging::quoted(bad))).get<std::string>();
    EXPECT_EQ(read.find_first_not_of("\xef\xbf\xbd"), std::string::npos) << read;
    EXPECT_FALSE(read.empty());
  }
}

TEST(Fields, are_read_strictly) {
  const auto fields = parse_fields(R"(event=x job=job_1 empty= reason="a \"b\" c" ms=1.5)");
  ASSERT_TRUE(fields);
  ASSERT_EQ(fields->size(), 5u);
  EXPECT_EQ((*fields)[1].value, "job_1");
  EXPECT_EQ((*fields)[2].value, "");
  EXPECT_EQ((*fields)[3].value, R"("a \"b\" c")");
  EXPECT_TRUE((*fields)[3].is_text);
  for (const std::string bad : {"",
                                "event",
                                "job=1",
                                "event=x job",
                                "event=x  job=1",
                                "event=x job=1 ",
                                "event=x job=a=b",
                                "event=x job=a\"b",
                                "event=x job=\"a",
                                "event=x job=\"a\"b",
                                "event=x job=\"a\\x41\"",
                                "event=x job=\"a\\u00G0\"",
                                "event=x job=\"a\nb\"",
                                "event=x job=1 job=2",
                                "event=x Job=1",
                                "event=x 1=1",
                                "event=x =1",
                                "event=x job=\xc3\xa9",
                                "event=x job=\"\xff\"",
                                "event=x job=\"a\\",
                                " event=x"})
    EXPECT_FALSE(parse_fields(bad)) << bad;
}

TEST(Json, has_stable_names_and_types) {
  const json line = logged(
      R"(event=attempt_ended job=job_1 attempt=2 end=completed signal=0 wall_ms=12 account=7)"
      R"( trace=aa request=req_1 key=key_1 event_id=e complete=true ms=0.5 reason="a \"b\"")");
  const std::string time = line["time"];
  ASSERT_EQ(time.size(), 24u);
  for (std::size_t i = 0; i < time.size(); ++i) {
    const char shape = "dddd-dd-ddTdd:dd:dd.dddZ"[i];
    EXPECT_TRUE(shape == 'd' ? time[i] >= '0' && time[i] <= '9' : time[i] == shape) << time;
  }
  json rest = line;
  rest.erase("time");
  EXPECT_EQ(rest,
            json::parse(R"({"level":"info","event":"attempt_ended","jobId":"job_1","attempt":2,
      "end":"completed","signal":0,"wallMs":12,"accountId":"7","traceId":"aa","requestId":"req_1",
      "keyId":"key_1","eventId":"e","complete":true,"ms":0.5,"reason":"a \"b\""})"));
}

TEST(Json, a_name_is_a_text_however_it_looks) {
  EXPECT_EQ(logged("event=x request=12 job=true key=1.5")["requestId"], "12");
  EXPECT_EQ(logged("event=x attempt=007")["attempt"], "007");
  EXPECT_EQ(logged("event=x ms=1e5")["ms"], "1e5");
  EXPECT_FALSE(logged("event=x job=- key=").contains("jobId"));
}

TEST(Json, what_is_no_row_of_fields_is_a_message) {
  for (const char* line : {"plain words", "event=x job=\"a", "two\nlines", "{\"event\":\"x\"}"}) {
    json object = logged(line);
    EXPECT_EQ(object["message"], line);
    EXPECT_FALSE(object.contains("event"));
  }
}

TEST(Text, a_message_stays_one_line) {
  Lines lines(LogFormat::text);
  lines.log().warn("two\ntime=forged level=error event=x");
  EXPECT_THAT(lines.text(), testing::MatchesRegex("time=[^ ]+Z level=warning message=\"two..time="
                                                  "forged level=error event=x\"\n"));
  Lines fields(LogFormat::text);
  fields.log().warn("event=x job=1");
  EXPECT_THAT(fields.text(), testing::MatchesRegex("time=[^ ]+Z level=warning event=x job=1\n"));
}

// Lines that are no plain row by their first look: bytes that are no ASCII, and none of ours.
TEST(Text, what_is_no_row_of_fields_is_a_message) {
  const auto told = [](std::string_view line) {
    Lines lines(LogFormat::text);
    lines.log().info(spdlog::string_view_t(line.data(), line.size()));
    return lines.text().substr(lines.text().find("info ") + 5);
  };
  EXPECT_EQ(told("event=x what=\"\xc3\xa4\""), "event=x what=\"\xc3\xa4\"\n");
  EXPECT_EQ(told("event=x job=\xc3\xa4"), "message=\"event=x job=\xc3\xa4\"\n");
  EXPECT_EQ(told("event=x job=a\x7f"), "message=\"event=x job=a\\u007f\"\n");
  EXPECT_EQ(told("plain words"), "message=\"plain words\"\n");
}

TEST(Formatter, many_threads_share_one) {
  for (const LogFormat format : {LogFormat::text, LogFormat::json}) {
    const auto formatter = make_formatter(format);
    const auto line_of = [&](int thread) {
      const std::string text = fmt::format("event=x job=j{} reason={}", thread, quoted("a \"b\""));
      spdlog::memory_buf_t line;
      formatter->format({spdlog::log_clock::time_point(), {}, "t", spdlog::level::info, text},
                        line);
      return std::string(line.data(), line.size());
    };
    const std::string wanted = line_of(7);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n < 500; ++n) EXPECT_EQ(line_of(7), wanted);
      });
    for (auto& thread : threads) thread.join();
  }
}

TEST(Outage, is_said_once_and_its_length_when_it_is_over) {
  std::ostringstream told;
  spdlog::logger log("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(told));
  log.set_pattern("%v");
  Outage outage(&log, "store");
  outage.is_back();
  EXPECT_EQ(told.str(), "") << "it was never away";
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([&] { outage.tell(true, "why so"); });
  }
  EXPECT_TRUE(outage.is_away());
  EXPECT_EQ(told.str(), "event=backend_away what=store reason=\"why so\"\n");
  told.str("");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  outage.tell(false, "");
  outage.tell(false, "");
  EXPECT_FALSE(outage.is_away());
  const std::string text = told.str(), expected = "event=backend_back what=store ms=";
  ASSERT_EQ(text.substr(0, expected.size()), expected);
  EXPECT_GE(std::stoi(text.substr(expected.size())), 20);
  EXPECT_EQ(text.find('\n'), text.size() - 1);
}

TEST(Outage, is_known_without_a_log) {
  Outage outage(nullptr, "s3");
  outage.went_away("why");
  EXPECT_TRUE(outage.is_away());
  outage.is_back();
  EXPECT_FALSE(outage.is_away());
}

TEST(Format, only_two) {
  EXPECT_EQ(parse_log_format("json").value(), LogFormat::json);
  EXPECT_EQ(parse_log_format("text").value(), LogFormat::text);
  EXPECT_FALSE(parse_log_format("JSON"));
}

// Of a C++ string literal that begins at `at`, and of those that follow it with nothing but space
// in between.
std::string literal_at(std::string_view source, std::size_t at) {
  std::string out;
  while (at < source.size() && source[at] == '"') {
    for (++at; at < source.size() && source[at] != '"'; ++at) {
      if (source[at] == '\\') ++at;
      out.push_back(source[at]);
    }
    at = source.find_first_not_of(" \n", at + 1);
  }
  return out;
}

// The arguments of the call whose first one begins at `at`, as they are written.
std::vector<std::string> arguments_at(std::string_view source, std::size_t at) {
  std::vector<std::string> out(1);
  int depth = 0;
  bool in_text = false;
  for (; at < source.size(); ++at) {
    const char c = source[at];
    if (in_text) {
      if (c == '\\') out.back().push_back(source[at++]);
      in_text = c != '"';
    } else if (c == '"') {
      in_text = true;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if (c == ')' || c == ']' || c == '}') {
      if (depth-- == 0) break;
    } else if (c == ',' && depth == 0) {
      out.emplace_back();
      continue;
    }
    if (!out.back().empty() || (c != ' ' && c != '\n')) out.back().push_back(source[at]);
  }
  return out;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct CallSite {
  std::string path, format;
  std::vector<std::string> arguments;  // one for each hole
};

std::vector<CallSite> call_sites() {
  std::vector<CallSite> out;
  const std::filesystem::path sources = std::filesystem::path(test_paths::source_dir) / "src";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(sources)) {
    const std::string path = entry.path().string();
    if (!path.ends_with(".cpp") || path.ends_with("_test.cpp") || path.ends_with("_fuzz.cpp"))
      continue;
    const std::string text = read_file(path);
    constexpr std::string_view kBegin = "\"event=";
    for (auto at = text.find(kBegin); at != text.npos; at = text.find(kBegin, at + 1)) {
      auto arguments = arguments_at(text, at);
      arguments.erase(arguments.begin());
      out.push_back({path, literal_at(text, at), std::move(arguments)});
    }
  }
  return out;
}

constexpr std::string_view kFreeText = "a \"b\" c=d \\ event=forged\nlevel=error \xe2\x80\xae";

bool is_quoted(const std::string& argument) {
  return argument.starts_with("logging::quoted(") || argument.starts_with("quoted(");
}

// Words of others, or of a library: anything may be in them.
bool is_free_text(std::string_view key, std::string_view argument) {
  for (const char* word : {"message", "what()", ".inside", "reason", "why"})
    if (argument.find(word) != argument.npos) return true;
  return key == "reason" || key == "path" || key == "where" || key == "layers";
}

// What a hole of that key may become, as far from convenient as its type and argument allow.
std::string value_of(std::string_view key, const std::string& argument) {
  if (is_quoted(argument)) return fmt::format("{}", quoted(kFreeText));
  switch (find_field(key).value_or(FieldName{}).type) {
    case FieldType::text: return "a.B-1_~:/<>[]{}'%";
    case FieldType::integer: return "-9223372036854775808";
    case FieldType::number: return "1234567.8";
    case FieldType::boolean: return "false";
  }
  return "";
}

std::string key_before(std::string_view line) {
  EXPECT_TRUE(line.ends_with('=')) << line;
  line.remove_suffix(1);
  return std::string(line.substr(line.rfind(' ') + 1));
}

// A line of that call, and the keys of its holes in `keys`.
std::string line_of(const CallSite& site, std::vector<std::string>& keys) {
  std::string out;
  for (std::size_t at = 0; at < site.format.size(); ++at) {
    if (site.format[at] != '{') {
      out.push_back(site.format[at]);
      continue;
    }
    at = site.format.find('}', at);
    keys.push_back(key_before(out));
    if (keys.size() <= site.arguments.size())
      out += value_of(keys.back(), site.arguments[keys.size() - 1]);
  }
  return out;
}

bool has_type(const json& value, FieldType type) {
  switch (type) {
    case FieldType::text: return value.is_string();
    case FieldType::integer: return value.is_number_integer();
    case FieldType::number: return value.is_number();
    case FieldType::boolean: return value.is_boolean();
  }
  return false;
}

TEST(CallSites, every_line_is_a_row_of_known_fields_in_their_types) {
  const auto sites = call_sites();
  EXPECT_GT(sites.size(), 40u);
  for (const CallSite& site : sites) {
    SCOPED_TRACE(site.path + ": " + site.format);
    std::vector<std::string> keys;
    const std::string line = line_of(site, keys);
    EXPECT_EQ(keys.size(), site.arguments.size());
    const auto fields = parse_fields(line);
    ASSERT_TRUE(fields) << line;
    const json object = logged(line);
    for (const Field& field : *fields) {
      const auto name = find_field(field.key);
      ASSERT_TRUE(name) << field.key << " is unknown";
      if (field.value.empty()) continue;
      EXPECT_TRUE(has_type(object.value(std::string(name->json), json()), name->type)) << object;
    }
  }
}

TEST(CallSites, free_text_is_quoted) {
  for (const CallSite& site : call_sites()) {
    std::vector<std::string> keys;
    (void)line_of(site, keys);
    for (std::size_t i = 0; i < std::min(keys.size(), site.arguments.size()); ++i) {
      const std::string& argument = site.arguments[i];
      EXPECT_TRUE(is_quoted(argument) || !is_free_text(keys[i], argument))
          << site.path << ": " << keys[i] << "=" << argument;
    }
  }
}

TEST(CallSites, what_is_wrong_would_be_found) {
  const std::string source =
      R"(log.warn("event=x reason={} job={} " "what={:.1f}", error.message, id(a, "),"), quoted(b)))";
  const auto at = source.find('"');
  auto arguments = arguments_at(source, at);
  ASSERT_THAT(arguments,
              testing::ElementsAre(testing::_, "error.message", R"(id(a, "),"))", "quoted(b)"));
  arguments.erase(arguments.begin());
  const CallSite site{"", literal_at(source, at), arguments};
  EXPECT_EQ(site.format, "event=x reason={} job={} what={:.1f}");
  std::vector<std::string> keys;
  (void)line_of(site, keys);
  EXPECT_THAT(keys, testing::ElementsAre("reason", "job", "what"));
  EXPECT_TRUE(is_free_text("reason", arguments[0]) && !is_quoted(arguments[0]));
  EXPECT_TRUE(!is_free_text("job", arguments[1]) && is_quoted(arguments[2]));
}

TEST(CallSites, the_fields_are_in_the_documentation) {
  const std::string text = read_file(test_paths::source_dir + "/docs/operations.md");
  std::set<std::string> rows;
  for (const CallSite& site : call_sites()) {
    std::vector<std::string> keys;
    const std::string line = line_of(site, keys);
    for (const Field& field : parse_fields(line).value_or(std::vector<Field>{}))
      if (const auto name = find_field(field.key))
        rows.insert("| `" + std::string(name->key) + "` | `" + std::string(name->json) + "` |");
  }
  EXPECT_GT(rows.size(), 40u);
  for (const std::string& row : rows) EXPECT_THAT(text, testing::HasSubstr(row));
}

}  // namespace
}  // namespace cad::logging
