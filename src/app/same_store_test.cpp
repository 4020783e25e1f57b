// SPDX-License-Identifier: Apache-2.0
#include "app/same_store.hpp"

#include <gtest/gtest.h>

#include "jobs/jobs_fixture.hpp"
#include "store/testing/away_database.hpp"

namespace cad::app {
namespace {

class SameStore : public jobs::JobsTest {
 protected:
  Result<void> check(blobs::BlobStore& blobs) { return check_same_store(*database_, blobs); }
  void add_result() {
    const auto id = submit(jobs::kDxf)->job.id;
    ASSERT_TRUE(database_->write(
        "UPDATE jobs SET status = 'COMPLETED', result_attempt = 1 WHERE id = $1", {id}));
    ASSERT_TRUE(database_->write(
        "INSERT INTO parts (job_id, kind, number, size) VALUES ($1,'result',0,1)", {id}));
    part_ = jobs::part_key(id, 1, "result", 0);
  }

  jobs::FakeBlobs other_;
  blobs::Key part_;
};

TEST_F(SameStore, nodes_on_one_store_start_and_start_again) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(check(blobs_));
  add_result();
  blobs_.put(part_, "x");
  EXPECT_TRUE(check(blobs_));
}

TEST_F(SameStore, a_store_that_is_marked_is_looked_at_without_the_lock_of_all_nodes) {
  store::AwayDatabase database(*database_);
  ASSERT_TRUE(check_same_store(database, blobs_));
  EXPECT_EQ(database.asked_alone, 1);
  EXPECT_TRUE(check_same_store(database, blobs_));
  EXPECT_EQ(database.asked_alone, 1);
}

TEST_F(SameStore, another_store_is_refused_from_the_first_node_on) {
  ASSERT_TRUE(check(blobs_));
  const auto refused = check(other_);
  ASSERT_FALSE(refused) << "nothing has been stored yet, but it would be";
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(refused.error().message.find("CADLENS_S3_URL"), std::string::npos);
  EXPECT_EQ(other_.count(), 0u) << "it is not marked as ours";
  EXPECT_TRUE(check(blobs_));
}

TEST_F(SameStore, S19_the_store_of_another_database_is_refused) {
  blobs_.put("meta/cluster", "of somebody else");
  EXPECT_EQ(check(blobs_).error().code, ErrorCode::invalid_argument);
}

TEST_F(SameStore, what_came_out_of_a_backup_is_known_by_its_results) {
  ASSERT_TRUE(check(blobs_));
  add_result();
  EXPECT_FALSE(check(other_));
  other_.put(part_, "x");
  EXPECT_TRUE(check(other_));
}

TEST_F(SameStore, a_store_that_is_away_is_no_other_store) {
  ASSERT_TRUE(check(blobs_));
  blobs_.away = true;
  EXPECT_EQ(check(blobs_).error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace cad::app
