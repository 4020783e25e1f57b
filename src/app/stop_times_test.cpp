// SPDX-License-Identifier: Apache-2.0
#include "app/stop_times.hpp"

#include <gtest/gtest.h>

#include "store/postgres.hpp"
#include "webhooks/post.hpp"

namespace cad::app {
namespace {

TEST(StopTimes, are_longer_than_what_they_wait_for) {
  EXPECT_LE(store::PostgresOptions{}.statement_timeout + kLastWrite, kStopWrites);
  EXPECT_LE(webhooks::PosterOptions{}.timeout, kStopAnswers)
      << "a webhook that is under way is not cut off but for a lack of an answer";
}

}  // namespace
}  // namespace cad::app
