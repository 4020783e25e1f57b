// SPDX-License-Identifier: Apache-2.0
// Where webhooks must not go, in every spelling, and what a name server may try.
#include "webhooks/guard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace cad::webhooks {
namespace {

class TableResolver : public Resolver {
 public:
  Result<std::vector<Address>> look_up(const std::string& host) override {
    ++asked;
    const auto found = names.find(host);
    if (found == names.end()) return fail(ErrorCode::unavailable, "no such name");
    std::vector<Address> out;
    for (const char* text : found->second) out.push_back(parse_address(text).value());
    return out;
  }
  std::map<std::string, std::vector<const char*>> names;
  int asked = 0;
};

constexpr const char* kRefusedAsWritten[] = {
    // IPv4, what is not public
    "https://0.0.0.0/",
    "https://0.1.2.3/",
    "https://10.0.0.1/",
    "https://10.255.255.255/",
    "https://100.64.0.1/",
    "https://100.127.255.254/",
    "https://127.0.0.1/",
    "https://127.255.0.9/",
    "https://168.63.129.16/",
    "https://169.254.169.254/latest/meta-data/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.0.0.192/",
    "https://192.0.2.1/",
    "https://192.88.99.1/",
    "https://192.168.1.1/",
    "https://198.18.0.1/",
    "https://198.19.255.255/",
    "https://198.51.100.1/",
    "https://203.0.113.1/",
    "https://224.0.0.1/",
    "https://239.255.255.255/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    // IPv6, what is not public
    "https://[::]/",
    "https://[::1]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:8.8.8.8]/",
    "https://[::ffff:0:127.0.0.1]/",
    "https://[::7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::8.8.8.8]/",
    "https://[64:ff9b:1::a00:1]/",
    "https://[100::1]/",
    "https://[2001::1]/",
    "https://[2001:0:7f00:1::]/",
    "https://[2001:2::1]/",
    "https://[2001:10::1]/",
    "https://[2001:20::1]/",
    "https://[2001:db8::1]/",
    "https://[2002:7f00:1::]/",
    "https://[2002:a00:1::1]/",
    "https://[3ffe::1]/",
    "https://[3fff::1]/",
    "https://[5f00::1]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fe80::1%eth0]/",
    "https://[febf::1]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[2a00:1::5efe:10.0.0.1]/",
    "https://[2a00:1::200:5efe:7f00:1]/",
    // odd spellings of 127.0.0.1 and its kind
    "https://2130706433/",
    "https://017700000001/",
    "https://0x7f000001/",
    "https://0x7F.0.0.1/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://127.0.0.01/",
    "https://127.0.0.0x1/",
    "https://127.0.0.1./",
    "https://1.2.3.4.5/",
    "https://256.256.256.256/",
    "https://1.2.3.4294967296/",
    "https://0/",
    "https://[127.0.0.1]/",
    "https://::1/",
    "https://[::1/",
    "https://[::1]x/",
    "https://[]/",
    "https://127%2e0%2e0%2e1/",
    "https://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1/",
    "https://127\xe3\x80\x82"
    "0.0.1/",
    // names of this machine
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://a.localhost/",
    "https://intranet/",
    "https://intranet:8443/",
    // who is asked?
    "https://example.com@127.0.0.1/",
    "https://127.0.0.1@example.com/",
    "https://u:p@example.com/",
    "https://example.com\\@127.0.0.1/",
    "https://example.com\\.evil.test/",
    "https:///example.com",
    "https://",
    "https://:443/",
    "https:example.com",
    "//example.com/",
    "example.com",
    // schemes
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "javascript:alert(1)",
    "http://example.com/",
    "HTTP://example.com/",
    "dict://example.com:11211/",
    // ports
    "https://example.com:0/",
    "https://example.com:22/",
    "https://example.com:25/",
    "https://example.com:65536/",
    "https://example.com:+443/",
    "https://example.com:0443/",
    "https://example.com:/",
    "https://example.com:443:80/",
    // names that are none
    "https://exa mple.com/",
    "https://example..com/",
    "https://.example.com/",
    "https://-example.com/",
    "https://example-.com/",
    "https://example.com\r\nX: y/",
    "https://example.com/\tx",
    "https://b\xc3\xbc"
    "cher.example/",
    "https://example.com,example.org/",
};

TEST(Guard, S22_what_is_not_public_is_refused_as_written) {
  const Policy policy;
  for (const char* url : kRefusedAsWritten) EXPECT_TRUE(url_fault(policy, url)) << url;
  EXPECT_GE(std::size(kRefusedAsWritten), 40u);
}

TEST(Guard, S22_at_delivery_nothing_is_looked_up_for_what_is_refused_as_written) {
  const Policy policy;
  TableResolver resolver;
  for (const char* url : kRefusedAsWritten) {
    const auto to = find_destination(policy, resolver, url);
    ASSERT_FALSE(to) << url;
    EXPECT_EQ(to.error().code, ErrorCode::invalid_argument) << url;
  }
  EXPECT_EQ(resolver.asked, 0);
}

TEST(Guard, S22_names_that_lead_inside_are_refused_after_the_look_up) {
  const Policy policy;
  TableResolver resolver;
  resolver.names = {
      {"loop.test", {"127.0.0.1"}},
      {"loop6.test", {"::1"}},
      {"private.test", {"10.1.2.3"}},
      {"metadata.test", {"169.254.169.254"}},
      {"carrier.test", {"100.64.0.1"}},
      {"any.test", {"0.0.0.0"}},
      {"any6.test", {"::"}},
      {"mapped.test", {"::ffff:10.0.0.1"}},
      {"nat64.test", {"64:ff9b::a00:1"}},
      {"local-nat64.test", {"64:ff9b:1::a00:1"}},
      {"sixtofour.test", {"2002:a00:1::1"}},
      {"teredo.test", {"2001:0:a00:1::1"}},
      {"ula.test", {"fd12::1"}},
      {"link.test", {"fe80::1"}},
      {"second.test", {"8.8.8.8", "192.168.0.1"}},
      {"last.test", {"8.8.8.8", "1.1.1.1", "2a00:1450::1", "::1"}},
      {"first.test", {"127.0.0.1", "8.8.8.8"}},
      {"broadcast.test", {"255.255.255.255"}},
  };
  for (const auto& [name, addresses] : resolver.names) {
    const auto to = find_destination(policy, resolver, "https://" + name + "/hook");
    ASSERT_FALSE(to) << name;
    EXPECT_EQ(to.error().code, ErrorCode::invalid_argument) << name;
  }
}

TEST(Guard, S22_a_name_is_judged_anew_on_every_try) {
  const Policy policy;
  TableResolver resolver;
  resolver.names["rebind.test"] = {"8.8.8.8"};
  const auto first = find_destination(policy, resolver, "https://rebind.test/");
  ASSERT_TRUE(first);
  EXPECT_THAT(first->addresses, testing::ElementsAre(parse_address("8.8.8.8").value()));
  resolver.names["rebind.test"] = {"127.0.0.1"};
  EXPECT_FALSE(find_destination(policy, resolver, "https://rebind.test/"));
  EXPECT_EQ(resolver.asked, 2);
}

TEST(Guard, a_name_that_is_unknown_now_may_be_known_later) {
  TableResolver resolver;
  EXPECT_EQ(find_destination({}, resolver, "https://new.test/").error().code,
            ErrorCode::unavailable);
}

TEST(Guard, public_receivers_are_called) {
  const Policy policy;
  TableResolver resolver;
  resolver.names["hooks.example.com"] = {"8.8.8.8", "2a00:1450:4001::1"};
  for (const char* url :
       {"https://hooks.example.com", "https://hooks.example.com:443/a?b=c",
        "HTTPS://Hooks.Example.COM/a", "https://hooks.example.com:8443/a#fragment",
        "https://8.8.8.8/", "https://[2a00:1450:4001::1]:8443/x", "https://100.63.255.255/",
        "https://100.128.0.1/", "https://172.32.0.1/", "https://172.15.0.1/", "https://11.0.0.1/",
        "https://223.255.255.255/", "https://[2600::1]/"}) {
    EXPECT_EQ(url_fault(policy, url), std::nullopt) << url;
    EXPECT_TRUE(find_destination(policy, resolver, url)) << url;
  }
}

TEST(Guard, the_url_that_is_called_is_written_anew) {
  EXPECT_EQ(parse_url("HTTPS://Hooks.Example.COM?x=1#y")->text, "https://hooks.example.com/?x=1");
  EXPECT_EQ(parse_url("https://[2A00::0:1]:8443/p%20q")->text, "https://[2a00::1]:8443/p%20q");
  EXPECT_EQ(parse_url("http://a.b:8080/x/../y")->text, "http://a.b:8080/x/../y");
  EXPECT_EQ(parse_url("http://a.b")->port, 80);
}

TEST(Guard, what_the_operator_allows_is_called_and_nothing_else) {
  Policy policy;
  policy.allow_http = true;
  policy.allow = {parse_cidr("10.1.0.0/16").value(), parse_cidr("::1").value()};
  TableResolver resolver;
  resolver.names["receiver"] = {"10.1.2.3"};
  resolver.names["other"] = {"10.2.0.1"};
  EXPECT_TRUE(find_destination(policy, resolver, "http://10.1.255.255:8080/"));
  EXPECT_TRUE(find_destination(policy, resolver, "http://receiver/"));
  EXPECT_TRUE(find_destination(policy, resolver, "http://[::1]:9000/"));
  EXPECT_FALSE(find_destination(policy, resolver, "http://10.2.0.1/"));
  EXPECT_FALSE(find_destination(policy, resolver, "http://other/"));
  EXPECT_FALSE(find_destination(policy, resolver, "http://127.0.0.1/"));
  EXPECT_FALSE(find_destination(policy, resolver, "http://[::ffff:10.1.2.3]/"));
}

TEST(Guard, networks_are_read) {
  EXPECT_TRUE(contains(parse_cidr("0.0.0.0/0").value(), parse_address("9.9.9.9").value()));
  EXPECT_FALSE(contains(parse_cidr("0.0.0.0/0").value(), parse_address("::1").value()));
  EXPECT_TRUE(contains(parse_cidr("fd00::/9").value(), parse_address("fd7f::1").value()));
  EXPECT_FALSE(contains(parse_cidr("fd00::/9").value(), parse_address("fd80::1").value()));
  for (const char* wrong :
       {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8", "::/129", "x"})
    EXPECT_FALSE(parse_cidr(wrong)) << wrong;
}

}  // namespace
}  // namespace cad::webhooks
