// SPDX-License-Identifier: Apache-2.0
#include "trace/context.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace cad::trace {
namespace {

// The recommendation's own example.
constexpr std::string_view kExample = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

std::optional<std::string> state(std::vector<std::string_view> headers) {
  return parse_tracestate(headers);
}

TEST(Traceparent, is_read_and_written) {
  const auto context = parse_traceparent(kExample);
  ASSERT_TRUE(context);
  EXPECT_EQ(context->trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(context->span_id, "00f067aa0ba902b7");
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(to_traceparent(*context), kExample);
}

TEST(Traceparent, every_single_wrong_character_is_refused) {
  for (std::size_t at = 0; at < kExample.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed(kExample);
      changed[at] = static_cast<char>(byte);
      const bool dash = at == 2 || at == 35 || at == 52;
      const bool hex = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
      const bool good = dash ? byte == '-' : hex && changed.substr(0, 2) != "ff";
      EXPECT_EQ(parse_traceparent(changed).has_value(), good) << changed;
    }
  }
}

TEST(Traceparent, every_other_length_is_refused) {
  for (std::size_t length = 0; length < kExample.size(); ++length)
    EXPECT_FALSE(parse_traceparent(kExample.substr(0, length))) << length;
  for (const char* more : {"-", "0", " ", "-00", ","})
    EXPECT_FALSE(parse_traceparent(std::string(kExample) + more)) << more;
}

TEST(Traceparent, ids_of_zeros_and_version_ff_are_refused) {
  EXPECT_FALSE(parse_traceparent("00-00000000000000000000000000000000-00f067aa0ba902b7-01"));
  EXPECT_FALSE(parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"));
  EXPECT_FALSE(parse_traceparent("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
}

TEST(Traceparent, later_versions_are_read_as_far_as_they_are_known) {
  const std::string later = "cc" + std::string(kExample.substr(2));
  EXPECT_TRUE(parse_traceparent(later));
  EXPECT_TRUE(parse_traceparent(later + "-what-the-future-will-be-like"));
  EXPECT_FALSE(parse_traceparent(later + ".what"));
  EXPECT_EQ(to_traceparent(*parse_traceparent(later)), kExample);
}

TEST(Traceparent, only_the_sampled_flag_is_passed_on) {
  for (const auto& [flags, sampled] : std::array<std::pair<std::string, bool>, 5>{
           {{"00", false}, {"01", true}, {"fe", false}, {"ff", true}, {"0b", true}}}) {
    const auto context = parse_traceparent(std::string(kExample.substr(0, 53)) + flags);
    ASSERT_TRUE(context) << flags;
    EXPECT_EQ(context->sampled, sampled) << flags;
    EXPECT_EQ(to_traceparent(*context).substr(53), sampled ? "01" : "00");
  }
}

TEST(Tracestate, members_are_joined) {
  EXPECT_EQ(state({}), "");
  EXPECT_EQ(state({""}), "");
  EXPECT_EQ(state({" , ,"}), "");
  EXPECT_EQ(state({"rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"}),
            "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
  EXPECT_EQ(state({"a=1 ,\tb=x y", "1t@sys=!"}), "a=1,b=x y,1t@sys=!");
}

TEST(Tracestate, what_is_malformed_is_dropped) {
  for (const std::string& bad :
       {std::string("a"), std::string("=1"), std::string("a="), std::string("A=1"),
        std::string("1a=1"), std::string("a@=1"), std::string("@a=1"), std::string("a@1=1"),
        std::string("a@b@c=1"), std::string("a=1=2"), std::string("a=1,a=2"), std::string("a=\x7f"),
        std::string("a=\xc3\xa9"), std::string("a=1\r\nX: y"), std::string("a b=1"),
        std::string(257, 'a') + "=1", "a=" + std::string(257, 'v'), std::string(242, 'a') + "@b=1",
        "a@" + std::string(15, 'b') + "=1"})
    EXPECT_FALSE(state({bad})) << bad;
}

TEST(Tracestate, its_bounds) {
  EXPECT_TRUE(state({std::string(256, 'a') + "=1"}));
  EXPECT_TRUE(state({"a=" + std::string(255, ' ') + "v"}));
  EXPECT_TRUE(state({std::string(241, 'a') + "@" + std::string(14, 'b') + "=1"}));
  std::string members;
  for (int i = 0; i < 32; ++i) members += "k" + std::to_string(i) + "=1,";
  EXPECT_TRUE(state({members}));
  EXPECT_FALSE(state({members + "more=1"}));
  EXPECT_EQ(state({"a=" + std::string(254, 'v'), "b=" + std::string(253, 'v')})->size(), 512u);
  EXPECT_FALSE(state({"a=" + std::string(254, 'v'), "b=" + std::string(254, 'v')}));
}

TEST(Receive, goes_on_with_what_is_valid_and_begins_anew_otherwise) {
  const std::vector<std::string_view> one{kExample}, two{kExample, kExample}, bad{"00-x"},
      states{"a=1"};
  const Context same = receive(one, states);
  EXPECT_EQ(same.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(same.span_id, "00f067aa0ba902b7") << "who asked";
  EXPECT_EQ(same.state, "a=1");
  for (const auto& headers : {two, bad, std::vector<std::string_view>{}}) {
    const Context fresh = receive(headers, states);
    EXPECT_NE(fresh.trace_id, same.trace_id);
    EXPECT_EQ(fresh.state, "");
    EXPECT_TRUE(parse_traceparent(to_traceparent(fresh)));
  }
}

TEST(NextStep, names_what_goes_out_and_keeps_the_rest) {
  Context context = *parse_traceparent(kExample);
  context.state = "a=1";
  const Context one = next_step(context), two = next_step(context);
  EXPECT_NE(one.span_id, context.span_id);
  EXPECT_NE(one.span_id, two.span_id);
  EXPECT_TRUE(parse_traceparent(to_traceparent(one)));
  EXPECT_EQ(one.trace_id, context.trace_id);
  EXPECT_EQ(one.sampled, context.sampled);
  EXPECT_EQ(one.state, context.state);
}

TEST(Text, round_trips) {
  Context context = *parse_traceparent(kExample);
  for (const char* with : {"", "a=1,b=x y"}) {
    context.state = with;
    const auto read = from_text(to_text(context));
    ASSERT_TRUE(read);
    EXPECT_EQ(to_text(*read), to_text(context));
    EXPECT_EQ(trace_id_of(to_text(context)), context.trace_id);
  }
  EXPECT_FALSE(from_text(""));
  EXPECT_EQ(trace_id_of(""), "-");
}

}  // namespace
}  // namespace cad::trace
