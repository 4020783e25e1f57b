// SPDX-License-Identifier: Apache-2.0
// IP addresses, and which of them the public internet routes (IANA special-purpose registries).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sockaddr;

namespace cad::webhooks {

struct Address {
  bool six = false;
  std::array<std::uint8_t, 16> bytes{};  // IPv4: the first four, the others 0
  bool operator==(const Address&) const = default;
};

// "192.0.2.1" (four decimal numbers, nothing shorter, octal or hexadecimal), "2001:db8::1" (without
// brackets, without a zone).
std::optional<Address> parse_address(std::string_view text);
std::optional<Address> from_sockaddr(const sockaddr* address);
std::string to_string(const Address& address);

struct Cidr {
  Address base;
  int bits = 0;
};
// "10.0.0.0/8", "::1/128", or an address alone. INVALID_ARGUMENT.
Result<Cidr> parse_cidr(std::string_view text);
bool contains(const Cidr& net, const Address& address);

// None for an address of the public internet; else what it is: "a private address" ...
std::optional<std::string_view> why_not_public(const Address& address);

}  // namespace cad::webhooks
