// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "redis/client.hpp"
#include "redis/options.hpp"
#include "redis/subscriber.hpp"
#include "redis/testing/redis_server.hpp"

namespace cad::redis {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

TEST(Url, names_everything_and_leaves_out_what_may_be) {
  const auto all =
      parse_url("rediss://me:p%40%3A%2f%25@[2001:db8::1]:7000/3?ca=/etc/ca%20file.pem");
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_TRUE(all->tls);
  EXPECT_EQ(all->user, "me");
  EXPECT_EQ(all->password.text(), "p@:/%");
  EXPECT_EQ(all->host, "2001:db8::1");
  EXPECT_EQ(all->port, 7000);
  EXPECT_EQ(all->database, 3);
  EXPECT_EQ(all->ca_file, "/etc/ca file.pem");
  EXPECT_EQ(name_of(*all), "rediss://[2001:db8::1]:7000/3");
  const auto least = parse_url("redis://cache");
  ASSERT_TRUE(least);
  EXPECT_FALSE(least->tls);
  EXPECT_EQ(name_of(*least), "redis://cache:6379/0");
  EXPECT_TRUE(least->password.empty());
  EXPECT_EQ(parse_url("redis://:secret@cache")->password.text(), "secret");
}

TEST(Url, S10_a_bad_one_is_told_without_repeating_it) {
  for (const char* bad :
       {"http://secret:secret@h", "redis://", "redis://secret@h", "redis://a:secret%4@h",
        "redis://a:secret@h:0", "redis://a:secret@h:70000", "redis://a:secret@h/x",
        "redis://a:secret@h?ca=/x", "rediss://a:secret@h?secret=1",
        "rediss://a:secret@h?ca=", "redis://a:secret@[::1", "redis://a:secret@[::1]x",
        "redis://a:secret@h\n/0", "redis://a:@secret"}) {
    const auto parsed = parse_url(bad);
    ASSERT_FALSE(parsed) << bad;
    EXPECT_EQ(parsed.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(parsed.error().message, Not(HasSubstr("secret"))) << bad;
  }
}

Result<std::optional<Reply>> parse(std::string_view bytes, ParserLimits limits = {}) {
  Parser parser(limits);
  parser.feed(bytes);
  return parser.next();
}

TEST(Resp, each_kind_of_reply_in_pieces_of_any_size) {
  const std::string bytes =
      "+OK\r\n-ERR no\r\n:-42\r\n$5\r\na\r\nbc\r\n$-1\r\n*-1\r\n*2\r\n*1\r\n:1\r\n$0\r\n\r\n*0\r\n";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    Parser parser;
    std::vector<Reply> replies;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      parser.feed(std::string_view(bytes).substr(at, step));
      while (auto reply = parser.next().value()) replies.push_back(std::move(*reply));
    }
    ASSERT_EQ(replies.size(), 8u);
    EXPECT_EQ(replies[0].text, "OK");
    EXPECT_TRUE(replies[1].is_error());
    EXPECT_EQ(replies[1].text, "ERR no");
    EXPECT_EQ(replies[2].integer, -42);
    EXPECT_EQ(replies[3].text, "a\r\nbc");
    EXPECT_TRUE(replies[4].is_nil());
    EXPECT_TRUE(replies[5].is_nil());
    ASSERT_EQ(replies[6].items.size(), 2u);
    EXPECT_EQ(replies[6].items[0].items.at(0).integer, 1);
    EXPECT_EQ(replies[6].items[1].kind, Reply::Kind::text);
    EXPECT_TRUE(replies[7].items.empty());
  }
}

TEST(Resp, what_is_no_reply_or_too_much_of_one_is_refused) {
  const ParserLimits small{100, 10, 2};
  for (const std::string& bad :
       {std::string("HTTP/1.1 400\r\n"), std::string("\r\n"), std::string("$x\r\n"),
        std::string("$-2\r\n"), std::string("$3\r\nabcd\r\n"), std::string("$101\r\n"),
        std::string("*11\r\n"), std::string("*-2\r\n"), std::string("*1\r\n*1\r\n*1\r\n*1\r\n"),
        std::string("*6\r\n*6\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n*6\r\n:1\r\n:1\r\n:1\r\n"),
        "+" + std::string(200, 'a'), std::string(":99999999999999999999\r\n")}) {
    const auto reply = parse(bad, small);
    ASSERT_FALSE(reply) << bad;
    EXPECT_EQ(reply.error().code, ErrorCode::integrity);
  }
  EXPECT_FALSE(parse("$99\r\n", small).value()) << "it may still come";
}

class RedisTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!can_start_redis()) GTEST_SKIP() << "redis-server is not installed";
    server_ = &fresh_redis();
  }
  std::shared_ptr<Options> changed() const {
    return std::make_shared<Options>(parse_url(server_->url()).value());
  }
  template <class Condition>
  static bool soon(Condition condition) {
    for (int i = 0; i < 500; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }
  RedisServer* server_ = nullptr;
};

TEST_F(RedisTest, a_signed_in_user_sets_and_gets) {
  Client client(server_->options());
  EXPECT_EQ(client.run({"SET", "cadlens:a", "x\r\ny"})->text, "OK");
  EXPECT_EQ(client.run({"GET", "cadlens:a"})->text, "x\r\ny");
  EXPECT_TRUE(client.run({"GET", "cadlens:b"})->is_nil());
  EXPECT_EQ(client.run({"GET", "other:a"}).error().code, ErrorCode::unavailable) << "its ACL";
  EXPECT_EQ(client.run({"HGET", "cadlens:a", "b"}).error().code, ErrorCode::internal);
  EXPECT_TRUE(client.run({"GET", "cadlens:a"})) << "an error of a command is none of the server";
}

TEST_F(RedisTest, a_wrong_password_is_refused_and_not_shown) {
  auto options = changed();
  std::string wrong = "wrong-pass-word";
  options->password = Secret::from_text(wrong);
  Client client(options);
  const auto reply = client.run({"PING"});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::unavailable);
  EXPECT_THAT(reply.error().message, HasSubstr("WRONGPASS"));
  EXPECT_THAT(reply.error().message, Not(HasSubstr("wrong-pass-word")));
}

TEST_F(RedisTest, a_pipeline_has_a_reply_for_each_command) {
  Client client(server_->options());
  std::vector<Command> commands;
  for (int i = 0; i < 1000; ++i)
    commands.push_back({"SET", "cadlens:" + std::to_string(i), std::string(100, 'x')});
  commands.push_back({"NOSUCH"});
  commands.push_back({"GET", "cadlens:7"});
  const auto replies = client.pipeline(commands);
  ASSERT_TRUE(replies);
  ASSERT_EQ(replies->size(), 1002u);
  EXPECT_TRUE(replies->at(1000).is_error());
  EXPECT_EQ(replies->at(1001).text, std::string(100, 'x'));
}

TEST_F(RedisTest, a_script_is_sent_when_the_server_does_not_know_it) {
  Client client(server_->options());
  const Script script("return {KEYS[1], ARGV[1], redis.call('GET', KEYS[1])}");
  ASSERT_TRUE(client.run({"SET", "cadlens:k", "v"}));
  for (int round = 0; round < 2; ++round) {
    const auto reply = client.run(script, {"cadlens:k"}, {"a"});
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(reply->items.at(2).text, "v");
  }
}

TEST_F(RedisTest, many_threads_share_few_connections) {
  auto options = changed();
  options->most_connections = 3;
  Client client(options);
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  const Script add("return redis.call('HINCRBY', KEYS[1], 'n', 1)");
  for (int t = 0; t < 12; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) good += client.run(add, {"cadlens:h"}, {}) ? 1 : 0;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 600);
  EXPECT_EQ(client.run({"HGET", "cadlens:h", "n"})->text, "600");
}

TEST_F(RedisTest, while_it_is_away_calls_fail_at_once_and_it_comes_back_by_itself) {
  RedisServer own;
  auto options = std::make_shared<Options>(parse_url(own.url()).value());
  Client client(options);
  ASSERT_TRUE(client.run({"PING"}));
  own.tell("stop");
  EXPECT_EQ(client.run({"PING"}).error().code, ErrorCode::unavailable);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(client.run({"PING"}));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 500ms);
  own.tell("start");
  EXPECT_TRUE(soon([&] { return client.run({"PING"}).has_value(); }));
}

TEST_F(RedisTest, a_server_that_hangs_costs_one_deadline) {
  RedisServer own;
  auto options = std::make_shared<Options>(parse_url(own.url()).value());
  options->command_timeout = options->connect_timeout = 200ms;
  Client client(options);
  ASSERT_TRUE(client.run({"PING"}));
  own.tell("pause");
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(client.run({"PING"}));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
  own.tell("continue");
  EXPECT_TRUE(soon([&] { return client.run({"PING"}).has_value(); }));
}

TEST_F(RedisTest, S05_tls_needs_a_trusted_certificate_of_that_host) {
  RedisServer secured({"--tls"});
  auto options = std::make_shared<Options>(parse_url(secured.url()).value());
  EXPECT_EQ(Client(options).run({"SET", "cadlens:a", std::string(100'000, 'x')})->text, "OK");
  EXPECT_EQ(Client(options).run({"GET", "cadlens:a"})->text.size(), 100'000u);

  auto stranger = std::make_shared<Options>(parse_url(secured.url()).value());
  stranger->ca_file.clear();
  EXPECT_THAT(Client(stranger).run({"PING"}).error().message, HasSubstr("not to be trusted"));

  auto misnamed = std::make_shared<Options>(parse_url(secured.url()).value());
  misnamed->host = "localhost";  // the certificate is for 127.0.0.1
  EXPECT_THAT(Client(misnamed).run({"PING"}).error().message, HasSubstr("not to be trusted"));

  auto plain = std::make_shared<Options>(parse_url(secured.url()).value());
  plain->tls = false;
  EXPECT_FALSE(Client(plain).run({"PING"}));

  auto unready = changed();  // and TLS to who does not speak it
  unready->tls = true;
  EXPECT_FALSE(Client(unready).run({"PING"}));
}

struct Heard {
  void add(std::string_view what) {
    const std::lock_guard lock(mutex);
    all.emplace_back(what);
  }
  bool has(const std::string& what) {
    const std::lock_guard lock(mutex);
    return std::find(all.begin(), all.end(), what) != all.end();
  }
  std::size_t size() {
    const std::lock_guard lock(mutex);
    return all.size();
  }
  std::mutex mutex;
  std::vector<std::string> all;
};

Listener into(Heard& heard) {
  return {[&heard](std::string_view channel, std::string_view text) {
            heard.add(std::string(channel) + "=" + std::string(text));
          },
          [&heard](std::string_view channel) { heard.add("+" + std::string(channel)); }};
}

TEST_F(RedisTest, a_subscriber_hears_what_it_asked_for) {
  Heard heard;
  Client client(server_->options());
  Subscriber subscriber(server_->options(), into(heard));
  subscriber.add("cadlens:one");
  ASSERT_TRUE(soon([&] { return heard.has("+cadlens:one"); }));
  subscriber.add("cadlens:two");
  ASSERT_TRUE(soon([&] { return heard.has("+cadlens:two"); }));
  ASSERT_TRUE(client.run({"PUBLISH", "cadlens:one", "1"}));
  ASSERT_TRUE(client.run({"PUBLISH", "cadlens:two", "2"}));
  EXPECT_TRUE(soon([&] { return heard.has("cadlens:two=2"); }));
  EXPECT_TRUE(heard.has("cadlens:one=1"));
  subscriber.remove("cadlens:one");
  EXPECT_TRUE(soon([&] { return client.run({"PUBLISH", "cadlens:one", "3"})->integer == 0; }));
}

TEST_F(RedisTest, a_subscriber_comes_back_and_says_so) {
  RedisServer own;
  Heard heard;
  Subscriber subscriber(own.options(), into(heard));
  subscriber.add("cadlens:one");
  ASSERT_TRUE(soon([&] { return heard.has("+cadlens:one"); }));
  own.tell("stop");
  EXPECT_TRUE(soon([&] { return !subscriber.is_connected(); }));
  subscriber.add("cadlens:two");
  const std::size_t before = heard.size();
  own.tell("start");
  ASSERT_TRUE(soon([&] { return heard.size() == before + 2; }));
  EXPECT_TRUE(heard.has("+cadlens:two"));
  Client client(own.options());
  ASSERT_TRUE(client.run({"PUBLISH", "cadlens:one", "again"}));
  EXPECT_TRUE(soon([&] { return heard.has("cadlens:one=again"); }));
}

}  // namespace
}  // namespace cad::redis
