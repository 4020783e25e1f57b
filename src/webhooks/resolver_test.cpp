// SPDX-License-Identifier: Apache-2.0
#include "webhooks/resolver.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace cad::webhooks {
namespace {

using namespace std::chrono_literals;

// Answers when it is told to.
class SlowResolver : public Resolver {
 public:
  Result<std::vector<Address>> look_up(const std::string& host) override {
    ++asked;
    while (!answer) std::this_thread::sleep_for(1ms);
    if (host == "none.example.com") return fail(ErrorCode::unavailable, "no such name");
    return std::vector{parse_address("8.8.8.8").value()};
  }
  std::atomic<int> asked = 0;
  std::atomic<bool> answer = false;
};

TEST(Resolver, what_can_be_stopped_answers_as_the_one_behind_it) {
  const auto slow = std::make_shared<SlowResolver>();
  slow->answer = true;
  const auto resolver = make_stoppable(slow);
  EXPECT_EQ(resolver->look_up("a.example.com").value().size(), 1u);
  const auto none = resolver->look_up("none.example.com");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "no such name");
}

// Without it a stop of the service would wait for a name server that is silent.
TEST(Resolver, a_look_up_that_hangs_ends_with_a_stop_and_later_ones_do_not_begin) {
  const auto slow = std::make_shared<SlowResolver>();
  const auto resolver = make_stoppable(slow);
  std::jthread stopping([&] {
    while (slow->asked == 0) std::this_thread::sleep_for(1ms);
    resolver->stop();
  });
  const auto cut = resolver->look_up("a.example.com");
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, ErrorCode::unavailable) << "so that it is tried again";
  EXPECT_FALSE(resolver->look_up("b.example.com"));
  EXPECT_EQ(slow->asked, 1);
  slow->answer = true;  // the thread that was left behind ends
}

}  // namespace
}  // namespace cad::webhooks
