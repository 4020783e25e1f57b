// SPDX-License-Identifier: Apache-2.0
#include "http/transport/guard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

#include "auth/api_key.hpp"
#include "http/transport/secure_headers.hpp"

namespace cad::http {
namespace {

using Way = Arrival::Way;

TransportPolicy policy_of(std::initializer_list<const char*> proxies,
                          ProxyHeader header = ProxyHeader::x_forwarded) {
  TransportPolicy policy;
  for (const char* proxy : proxies) EXPECT_TRUE(policy.proxies.add(proxy)) << proxy;
  policy.header = header;
  return policy;
}

Arrival arrival(std::string peer, Way way = Way::plain) {
  Arrival out;
  out.peer = std::move(peer);
  out.way = way;
  return out;
}

Headers fields(std::initializer_list<std::pair<const char*, const char*>> all) {
  Headers out;
  for (const auto& [name, value] : all) out.add(name, value);
  return out;
}

TEST(Origin, S07_forwarded_headers_of_others_are_not_believed) {
  const auto policy = policy_of({"10.0.0.0/24"});
  const auto said = fields({{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "https"}});
  const Origin loopback = origin_of(arrival("127.0.0.1"), said, policy);
  EXPECT_EQ(loopback.client, "127.0.0.1");
  EXPECT_FALSE(loopback.https);
  EXPECT_FALSE(loopback.exposed);
  const Origin stranger = origin_of(arrival("198.51.100.1"), said, policy);
  EXPECT_EQ(stranger.client, "198.51.100.1");
  EXPECT_FALSE(stranger.https);
  EXPECT_TRUE(stranger.exposed) << "plain, from another machine that is no proxy";
  EXPECT_EQ(origin_of(arrival("unix", Way::unix_socket), said, policy).client, "unix");
}

TEST(Origin, S07_are_read_from_right_to_left) {
  const auto policy = policy_of({"10.0.0.0/24", "2001:db8::/32"});
  const auto client = [&](std::initializer_list<std::pair<const char*, const char*>> all) {
    return origin_of(arrival("10.0.0.1"), fields(all), policy).client;
  };
  EXPECT_EQ(client({{"X-Forwarded-For", "203.0.113.9"}}), "203.0.113.9");
  EXPECT_EQ(client({{"X-Forwarded-For", "1.1.1.1, 203.0.113.9"}}), "203.0.113.9")
      << "spoofed prefix";
  EXPECT_EQ(client({{"X-Forwarded-For", "1.1.1.1, 203.0.113.9, 10.0.0.2"}}), "203.0.113.9");
  EXPECT_EQ(client({{"X-Forwarded-For", "1.1.1.1"}, {"x-forwarded-for", "203.0.113.9,10.0.0.2"}}),
            "203.0.113.9")
      << "over several fields";
  EXPECT_EQ(client({{"X-Forwarded-For", "[2606:4700::1]:443, 2001:db8::5"}}), "2606:4700::1");
  EXPECT_EQ(client({{"X-Forwarded-For", "::ffff:203.0.113.9"}}), "203.0.113.9");
  EXPECT_EQ(client({{"X-Forwarded-For", "10.0.0.7, 10.0.0.2"}}), "10.0.0.7") << "all are proxies";
  for (const char* garbage : {"", "unknown", "_hidden", "1.1.1.1, ", "203.0.113.9, garbage",
                              "999.1.1.1", "<script>", "1.1.1.1\t,\t127.1"})
    EXPECT_EQ(client({{"X-Forwarded-For", garbage}}), "10.0.0.1") << garbage;
  EXPECT_EQ(client({{"X-Forwarded-For", "203.0.113.9, nonsense, 10.0.0.2"}}), "10.0.0.2")
      << "what is left of the unreadable is not believed";
  EXPECT_EQ(client({{"Forwarded", "for=203.0.113.9"}}), "10.0.0.1") << "not the header in use";
}

TEST(Origin, S07_rfc_7239) {
  const auto policy = policy_of({"10.0.0.0/24"}, ProxyHeader::forwarded);
  const auto origin = [&](std::initializer_list<const char*> lines) {
    Headers all = fields({{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-Proto", "http"}});
    for (const char* line : lines) all.add("Forwarded", line);
    return origin_of(arrival("10.0.0.1"), all, policy);
  };
  EXPECT_EQ(origin({"for=203.0.113.9;proto=https"}).client, "203.0.113.9");
  EXPECT_TRUE(origin({"for=203.0.113.9;proto=https"}).https);
  EXPECT_EQ(origin({"For=\"[2606:4700::1]:4711\" ; Proto=HTTPS;by=x"}).client, "2606:4700::1");
  EXPECT_EQ(origin({"for=1.1.1.1, for=203.0.113.9, for=10.0.0.2"}).client, "203.0.113.9");
  EXPECT_EQ(origin({"for=1.1.1.1", "for=203.0.113.9"}).client, "203.0.113.9");
  EXPECT_TRUE(origin({"for=203.0.113.9;proto=http"}).exposed);
  EXPECT_EQ(origin({"for=unknown"}).client, "10.0.0.1");
  EXPECT_EQ(origin({"for=\"a, for=203.0.113.9;proto=https"}).client, "10.0.0.1") << "open quote";
  EXPECT_TRUE(origin({"for=\"a, for=203.0.113.9;proto=https"}).exposed);
  EXPECT_EQ(origin({"x=\"\\\", for=1.1.1.1\", for=203.0.113.9"}).client, "203.0.113.9");
  EXPECT_TRUE(origin({"garbage"}).exposed);
}

TEST(Origin, S02_one_open_leg_makes_a_request_exposed) {
  const auto policy = policy_of({"10.0.0.0/24"});
  const auto with = [&](const char* proto, Way way = Way::plain) {
    return origin_of(
        arrival("10.0.0.1", way),
        fields({{"X-Forwarded-For", "203.0.113.9, 10.0.0.2"}, {"X-Forwarded-Proto", proto}}),
        policy);
  };
  EXPECT_TRUE(with("https").https);
  EXPECT_FALSE(with("https").exposed);
  for (const char* open : {"http", "https, http", "http, https", "ws", "garbage", "HTTP"}) {
    EXPECT_TRUE(with(open).exposed) << open;
    EXPECT_FALSE(with(open).https) << open;
    EXPECT_TRUE(with(open, Way::tls).exposed) << open;
  }
  const Origin silent = origin_of(arrival("10.0.0.1"), {}, policy);
  EXPECT_TRUE(silent.https) << "a configured proxy terminates TLS";
  const Origin direct = origin_of(arrival("203.0.113.9", Way::tls), {}, policy);
  EXPECT_TRUE(direct.https && !direct.exposed);
  Arrival redirect = arrival("127.0.0.1");
  redirect.redirect_only = true;
  EXPECT_TRUE(origin_of(redirect, {}, policy).exposed);
}

class UntouchedBody : public BodyReader {
 public:
  Result<std::size_t> read(std::span<std::byte>) override {
    ADD_FAILURE() << "the body was read";
    return std::size_t{0};
  }
  std::optional<std::uint64_t> declared_size() const override { return 10; }
};

class GuardTest : public testing::Test {
 protected:
  Response ask(const std::string& target, const Headers& headers) {
    Request request;
    request.method = "POST";
    request.arrival = arrival("203.0.113.9");
    request.arrival.redirect_only = true;
    request.arrival.tls_port = 8443;
    request.headers = headers;
    if (!request.headers.find("Host")) request.headers.add("Host", "api.example.com:8080");
    EXPECT_TRUE(parse_target(target, request));
    UntouchedBody body;
    request.body = &body;
    policy_.notify = [this](const Exposure& exposure) { told_.push_back(exposure); };
    return guard_transport(policy_, log_, [this](Request&) {
      ++processed_;
      return Response{};
    })(request);
  }
  std::string location(const std::string& target, const Headers& headers = {}) {
    const Response response = ask(target, headers);
    EXPECT_EQ(response.status, 308) << target;
    EXPECT_TRUE(response.close);
    return std::string(response.headers.find("Location").value_or(""));
  }

  TransportPolicy policy_;
  std::ostringstream lines_;
  spdlog::logger log_{"test", std::make_shared<spdlog::sinks::ostream_sink_st>(lines_)};
  std::vector<Exposure> told_;
  int processed_ = 0;
};

TEST_F(GuardTest, S02_without_credentials_it_is_308_to_the_same_url) {
  EXPECT_EQ(location("/v1/formats?a=%20b&c"), "https://api.example.com:8443/v1/formats?a=%20b&c");
  EXPECT_EQ(location("//evil.example/x"), "https://api.example.com:8443//evil.example/x");
  EXPECT_EQ(location("/", fields({{"Host", "[2001:db8::1]:80"}})), "https://[2001:db8::1]:8443/");
  policy_.public_url = "https://cad.example.com/base";
  EXPECT_EQ(location("/x"), "https://cad.example.com/base/x");
  policy_.public_url.clear();
  for (const char* odd : {"", "a%2fb", "[::1", "[x]", "a;b"})
    EXPECT_EQ(ask("/", fields({{"Host", odd}})).status, 400) << odd;
  EXPECT_EQ(processed_, 0);
  EXPECT_TRUE(told_.empty());
}

TEST_F(GuardTest, S02_with_a_credential_it_is_403_and_the_owner_is_told) {
  const auth::NewKey key = auth::make_api_key();
  const std::string bearer = "Bearer " + key.raw;
  const std::vector<std::pair<std::string, Headers>> cases{
      {"/v1/jobs", fields({{"Authorization", bearer.c_str()}})},
      {"/v1/jobs", fields({{"authorization", "Basic eDp5"}})},
      {"/v1/jobs", fields({{"X-API-Key", key.raw.c_str()}})},
      {"/v1/jobs", fields({{"X-Odd-Name", bearer.c_str()}})},
      {"/v1/jobs", fields({{"Cookie", "session=zyxw"}})},
      {"/v1/jobs", fields({{"Proxy-Authorization", "Basic eDp5"}})},
      {"/v1/jobs?token=zyxw", {}},
      {"/v1/jobs?API-Key=zyxw", {}},
      {"/v1/jobs?api%5Fkey=zyxw", {}},
      {"/v1/jobs?access_token=zyxw", {}},
      {"/v1/previews/a/b?expires=1&signature=zyxw", {}},
      {"/v1/jobs?sig=zyxw", {}},
      {"/v1/auth/google/callback?code=zyxw", {}},
      {"/v1/auth/login", {}},  // the body holds the password
      {"/v1/jobs?x=" + key.raw, {}},
      {"/v1/jobs/" + key.raw, {}}};
  for (const auto& [target, headers] : cases) {
    const Response response = ask(target, headers);
    EXPECT_EQ(response.status, 403) << target;
    EXPECT_THAT(std::get<std::string>(response.body), testing::HasSubstr("INSECURE_TRANSPORT"));
    EXPECT_FALSE(response.headers.find("Location"));
    EXPECT_TRUE(response.close);
  }
  EXPECT_EQ(processed_, 0);
  ASSERT_EQ(told_.size(), cases.size());
  EXPECT_EQ(told_[0].where, "Authorization");
  EXPECT_EQ(told_[0].key_prefix, key.prefix);
  EXPECT_EQ(told_[0].key_hash, key.hash);
  EXPECT_EQ(told_[0].remote, "203.0.113.9");
  EXPECT_EQ(told_[6].path, "/v1/jobs");
  EXPECT_THAT(lines_.str(), testing::HasSubstr("event=insecure_transport"));
  EXPECT_THAT(lines_.str(), testing::HasSubstr("key=" + key.prefix));
  for (const std::string& secret :
       {key.raw.substr(0, 13), std::string("zyxw"), std::string("eDp5"), key.hash})
    EXPECT_THAT(lines_.str(), testing::Not(testing::HasSubstr(secret)));
}

TEST(Keys, S08_are_cut_out_of_texts) {
  const std::string key = auth::make_api_key().raw;
  EXPECT_EQ(without_keys("/a/" + key + "/b" + key),
            "/a/" + key.substr(0, 12) + ".../b" + key.substr(0, 12) + "...");
  EXPECT_EQ(without_keys("/v1/cadl_12"), "/v1/cadl_12");
  EXPECT_EQ(without_keys(""), "");
}

TEST(SecureHeaders, S02_hsts_on_https_only_and_the_others_always) {
  for (const bool https : {false, true}) {
    Headers headers;
    headers.set("Cache-Control", "private");
    headers.set("Strict-Transport-Security", "max-age=0");
    add_secure_headers(headers, https);
    EXPECT_EQ(headers.find("Strict-Transport-Security").value_or("none"),
              https ? "max-age=63072000" : "none");
    EXPECT_EQ(headers.find("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(headers.find("Content-Security-Policy"),
              "default-src 'none'; frame-ancestors 'none'");
    EXPECT_EQ(headers.find("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(headers.find("Cache-Control"), "private");
  }
}

}  // namespace
}  // namespace cad::http
