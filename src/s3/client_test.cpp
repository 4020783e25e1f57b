// SPDX-License-Identifier: Apache-2.0
// Against OpenStack Swift, which checks signatures, digests, clocks and expiry.
#include "s3/client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

#include "crypto/hash.hpp"
#include "swift_server.hpp"

namespace cad::s3 {
namespace {

using testing::HasSubstr;
using testing::Not;

std::shared_ptr<const Credentials> credentials(const std::string& access, std::string secret) {
  return std::make_shared<Credentials>(Credentials{access, Secret::from_text(secret), ""});
}

class S3OnSwift : public testing::Test {
 protected:
  void SetUp() override {
    swift_ = test_support::shared_swift();
    if (!swift_) GTEST_SKIP() << "OpenStack Swift is not installed";
    prefix_ = "t" + crypto::random_hex(6);
    client_ = with(credentials(swift_->access_key, swift_->secret_key));
  }

  std::unique_ptr<Client> with(std::shared_ptr<const Credentials> who, ClientOptions options = {}) {
    options.list_page = 3;
    auto settings = parse_settings(swift_->url + "&prefix=" + prefix_);
    return Client::make(std::move(*settings), std::move(who), std::move(options)).value();
  }
  void expect_gone(const std::string& key) {
    const auto head = client_->head(key);
    ASSERT_FALSE(head);
    EXPECT_EQ(head.error().code, ErrorCode::not_found);
  }

  std::optional<test_support::Swift> swift_;
  std::string prefix_;
  std::unique_ptr<Client> client_;
};

std::string big(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(i * 31 >> 3);
  return out;
}

TEST_F(S3OnSwift, objects_are_put_read_in_part_and_removed) {
  const auto put = client_->put("a/b", crypto::as_bytes("0123456789"));
  ASSERT_TRUE(put) << put.error().message;
  const auto head = client_->head("a/b");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->size, 10u);
  EXPECT_EQ(head->etag, put->etag);
  const auto part = client_->get("a/b", 3, 4, put->etag);
  ASSERT_TRUE(part) << part.error().message;
  EXPECT_EQ(part->bytes, "3456");
  EXPECT_EQ(part->size, 10u);
  EXPECT_EQ(client_->get("a/b", 8, 100)->bytes, "89");
  EXPECT_EQ(client_->get("a/b", 0, 100)->bytes, "0123456789");
  EXPECT_EQ(client_->get("a/b", 10, 5).error().code, ErrorCode::integrity);
  EXPECT_EQ(client_->get("a/b", 0, 1, "\"00000000000000000000000000000000\"").error().code,
            ErrorCode::conflict);
  EXPECT_TRUE(client_->remove("a/b"));
  EXPECT_TRUE(client_->remove("a/b"));
  expect_gone("a/b");
  EXPECT_EQ(client_->get("a/b", 0, 1).error().code, ErrorCode::not_found);
}

TEST_F(S3OnSwift, lists_go_on_over_pages) {
  for (int i = 0; i < 7; ++i)
    ASSERT_TRUE(client_->put("l/" + std::to_string(i), crypto::as_bytes("x")));
  ASSERT_TRUE(client_->put("m", {}));
  std::vector<std::string> keys;
  std::string from;
  int pages = 0;
  do {
    const auto page = client_->list("l/", from);
    ASSERT_TRUE(page) << page.error().message;
    for (const Listed& object : page->objects) {
      keys.push_back(object.key);
      EXPECT_NEAR(static_cast<double>(object.modified_ms),
                  static_cast<double>(std::time(nullptr)) * 1000, 60'000);
    }
    from = page->next;
    ++pages;
  } while (!from.empty());
  EXPECT_EQ(keys, (std::vector<std::string>{"l/0", "l/1", "l/2", "l/3", "l/4", "l/5", "l/6"}));
  EXPECT_EQ(pages, 3);
}

TEST_F(S3OnSwift, many_objects_are_removed_by_one_request) {
  std::vector<std::string> keys;
  for (int i = 0; i < 8; ++i) {
    keys.push_back("r/" + std::to_string(i));
    ASSERT_TRUE(client_->put(keys.back(), crypto::as_bytes("x")));
  }
  ASSERT_TRUE(client_->put("r/stays", crypto::as_bytes("x")));
  keys.emplace_back("r/never-there");
  const auto removed = client_->remove_many(keys);
  ASSERT_TRUE(removed) << removed.error().message;
  const auto left = client_->list("r/");
  ASSERT_TRUE(left && left->objects.size() == 1);
  EXPECT_EQ(left->objects[0].key, "r/stays");
  EXPECT_TRUE(client_->remove("r/stays"));
}

TEST_F(S3OnSwift, large_objects_come_in_parts) {
  const std::string whole = big(kLeastPartBytes + 12345);
  const auto id = client_->create_upload("big");
  ASSERT_TRUE(id) << id.error().message;
  const auto bytes = crypto::as_bytes(whole);
  std::vector<std::string> etags;
  // The second part first: the order of parts is that of their numbers.
  const auto second = client_->upload_part("big", *id, 2, bytes.subspan(kLeastPartBytes));
  const auto first = client_->upload_part("big", *id, 1, bytes.first(kLeastPartBytes));
  ASSERT_TRUE(first && second);
  expect_gone("big");
  const auto open = client_->list_uploads();
  ASSERT_TRUE(open) << open.error().message;
  ASSERT_EQ(open->uploads.size(), 1u);
  EXPECT_EQ(open->uploads[0].key, "big");
  EXPECT_EQ(open->uploads[0].id, *id);
  EXPECT_GT(open->uploads[0].begun_ms, 1'600'000'000'000);
  const auto done = client_->complete_upload("big", *id, {*first, *second});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(client_->head("big")->size, whole.size());
  const auto got = client_->get("big", kLeastPartBytes - 5, 10, client_->head("big")->etag);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->bytes, whole.substr(kLeastPartBytes - 5, 10));
  EXPECT_TRUE(client_->list_uploads()->uploads.empty());

  const auto copy = client_->create_upload("copy");
  // Swift compares a condition on a copy with an ETag that it shows nowhere.
  const auto part =
      client_->copy_part("copy", *copy, 1, "big", "", kLeastPartBytes, whole.size() - 1);
  ASSERT_TRUE(part) << part.error().message;
  ASSERT_TRUE(client_->complete_upload("copy", *copy, {*part}));
  EXPECT_EQ(client_->get("copy", 0, 20'000)->bytes, whole.substr(kLeastPartBytes));
  EXPECT_TRUE(client_->remove("copy"));
}

TEST_F(S3OnSwift, an_upload_that_is_given_up_leaves_nothing) {
  const auto id = client_->create_upload("big");
  ASSERT_TRUE(client_->upload_part("big", *id, 1, crypto::as_bytes("text")));
  ASSERT_TRUE(client_->abort_upload("big", *id));
  EXPECT_TRUE(client_->abort_upload("big", *id));
  EXPECT_TRUE(client_->list_uploads()->uploads.empty());
  EXPECT_EQ(client_->complete_upload("big", *id, {"\"x\""}).error().code, ErrorCode::not_found);
}

TEST_F(S3OnSwift, wrong_credentials_and_clocks_are_refused_with_what_to_check) {
  const std::string wrong = crypto::random_hex(20);
  struct Case {
    std::unique_ptr<Client> client;
    const char* says;
  };
  ClientOptions slow;
  slow.clock = [] { return static_cast<std::int64_t>(std::time(nullptr)) - 3600; };
  std::vector<Case> cases;
  cases.push_back({with(credentials(swift_->access_key, wrong)), "CADLENS_S3_SECRET_KEY"});
  cases.push_back({with(credentials("nobody:x", wrong)), "check"});
  cases.push_back(
      {with(credentials(swift_->other_access_key, swift_->other_secret_key)), "no such bucket"});
  cases.push_back({with(credentials(swift_->access_key, swift_->secret_key), slow), "clock"});
  for (auto& [client, says] : cases) {
    const auto put = client->put("a", crypto::as_bytes("x"));
    ASSERT_FALSE(put) << says;
    EXPECT_EQ(put.error().code, ErrorCode::internal);
    EXPECT_THAT(put.error().message, HasSubstr(says));
    for (const std::string& secret : {wrong, swift_->secret_key, swift_->other_secret_key})
      EXPECT_THAT(put.error().message, Not(HasSubstr(secret)));
  }
  expect_gone("a");
}

TEST_F(S3OnSwift, another_body_than_was_signed_is_refused) {
  const Settings& settings = client_->settings();
  const std::string date = amz_date(std::time(nullptr));
  const std::string sha256 = crypto::sha256_hex("what was signed");
  const ToSign sign{
      "PUT",
      settings.path_of("a"),
      {},
      {{"host", settings.authority()}, {"x-amz-content-sha256", sha256}, {"x-amz-date", date}},
      sha256};
  HttpRequest request;
  request.method = "PUT";
  request.url = "http://" + settings.authority() + sign.path;
  request.headers = sign.headers;
  const Credentials who{swift_->access_key, credentials("", swift_->secret_key)->secret_key.clone(),
                        ""};
  request.headers.emplace_back("authorization",
                               authorization(sign, {settings.region}, who, std::time(nullptr)));
  request.body = crypto::as_bytes("what came in between");
  const auto answer = Http::make({}, "").value()->perform(request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 400) << answer->body;
  expect_gone("a");
}

TEST_F(S3OnSwift, S20_presigned_urls_open_one_object_for_a_while) {
  ASSERT_TRUE(client_->put("p/a", crypto::as_bytes("text")));
  ASSERT_TRUE(client_->put("p/b", crypto::as_bytes("other")));
  const auto http = Http::make({}, "").value();
  const auto status = [&](const std::string& url) {
    HttpRequest request;
    request.method = "GET";
    request.url = url;
    return http->perform(request)->status;
  };
  const std::string url = client_->presigned_get("p/a", 3600).value();
  EXPECT_EQ(status(url), 200);
  std::string other = url, altered = url;
  other.replace(other.find("/p/a?"), 5, "/p/b?");
  altered.back() = altered.back() == '0' ? '1' : '0';
  EXPECT_EQ(status(other), 403);
  EXPECT_EQ(status(altered), 403);
  EXPECT_GE(status(url.substr(0, url.find('?'))), 400) << "nothing is open to everybody";
  ClientOptions long_ago;
  long_ago.clock = [] { return static_cast<std::int64_t>(std::time(nullptr)) - 120; };
  const auto early = with(credentials(swift_->access_key, swift_->secret_key), long_ago);
  EXPECT_EQ(status(early->presigned_get("p/a", 60).value()), 403);
  EXPECT_FALSE(client_->presigned_get("p/a", 3601));
  EXPECT_FALSE(client_->presigned_get("p/a", 0));
}

}  // namespace
}  // namespace cad::s3
