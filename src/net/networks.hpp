// SPDX-License-Identifier: Apache-2.0
// IP addresses and networks.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cad::net {

// IPv4 as ::ffff:a.b.c.d, so that both spellings of one address are one address.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  bool is_v4() const;
  bool is_loopback() const;
  std::string text() const;
  // Whom to count together: an IPv4 address, the /64 of an IPv6 one.
  std::string group() const;
  bool operator==(const IpAddress&) const = default;
};
std::optional<IpAddress> parse_ip(std::string_view text);
// With a port or brackets, too, as proxies write them: "192.0.2.1:80", "[2001:db8::1]:80".
std::optional<IpAddress> parse_ip_and_port(std::string_view text);

class Networks {
 public:
  // "10.1.0.0/16", "2001:db8::/48", "192.0.2.7". INVALID_ARGUMENT: malformed, bits set behind the
  // prefix, or wider than /8 (IPv6: /16), which names no one in particular.
  Result<void> add(std::string_view cidr);
  bool contains(const IpAddress& address) const;
  bool empty() const { return networks_.empty(); }

 private:
  struct Network {
    IpAddress base;
    int prefix;  // of 128
  };
  std::vector<Network> networks_;
};

}  // namespace cad::net
