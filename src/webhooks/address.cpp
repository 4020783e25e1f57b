// SPDX-License-Identifier: Apache-2.0
#include "webhooks/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace cad::webhooks {
namespace {

struct Net4 {
  std::uint32_t base;
  int bits;
  std::string_view what;
};

constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr std::string_view kPrivate = "a private address";
constexpr std::string_view kExample = "an address for documentation";
constexpr std::string_view kSpecial = "an address of a special purpose";

constexpr Net4 kNot4[] = {
    {ip(0, 0, 0, 0), 8, "an unspecified address"},
    {ip(10, 0, 0, 0), 8, kPrivate},
    {ip(100, 64, 0, 0), 10, "an address of a carrier's internal network"},
    {ip(127, 0, 0, 0), 8, "a loopback address"},
    {ip(168, 63, 129, 16), 32, "the address of a cloud's internal service"},
    {ip(169, 254, 0, 0), 16, "a link-local address"},
    {ip(172, 16, 0, 0), 12, kPrivate},
    {ip(192, 0, 0, 0), 24, kSpecial},
    {ip(192, 0, 2, 0), 24, kExample},
    {ip(192, 31, 196, 0), 24, kSpecial},  // AS112
    {ip(192, 52, 193, 0), 24, kSpecial},  // AMT
    {ip(192, 88, 99, 0), 24, "a relay of 6to4"},
    {ip(192, 168, 0, 0), 16, kPrivate},
    {ip(192, 175, 48, 0), 24, kSpecial},  // AS112
    {ip(198, 18, 0, 0), 15, "an address for benchmarks"},
    {ip(198, 51, 100, 0), 24, kExample},
    {ip(203, 0, 113, 0), 24, kExample},
    {ip(224, 0, 0, 0), 4, "a multicast address"},
    {ip(240, 0, 0, 0), 4, "a reserved address"},  // and broadcast
};

struct Net6 {
  std::array<std::uint8_t, 8> base;  // the first half decides
  int bits;
  std::string_view what;
};

// Exceptions within 2000::/3; what is outside of it is not public anyway.
constexpr Net6 kNot6[] = {
    {{0x20, 0x01, 0, 0}, 32, "an address of a Teredo tunnel"},
    {{0x20, 0x01, 0, 0}, 23, kSpecial},  // benchmarks, ORCHID, protocol assignments
    {{0x20, 0x01, 0x0d, 0xb8}, 32, kExample},
    {{0x20, 0x02}, 16, "an address of a 6to4 tunnel"},
    {{0x26, 0x20, 0x00, 0x4f, 0x80, 0x00}, 48, kSpecial},  // AS112
    {{0x3f, 0xfe}, 16, kSpecial},                          // the former 6bone
    {{0x3f, 0xff}, 20, kExample},
};

// Outside of 2000::/3: only to say which it is.
constexpr Net6 kNames6[] = {
    {{0x00, 0x64, 0xff, 0x9b}, 32, "a translated IPv4 address"},
    {{0xfc}, 7, "a private address"},
    {{0xfe, 0x80}, 10, "a link-local address"},
    {{0xfe, 0xc0}, 10, "a site-local address"},
    {{0xff}, 8, "a multicast address"},
};

bool same_start(const std::uint8_t* a, const std::uint8_t* b, int bits) {
  const int whole = bits / 8, rest = bits % 8;
  if (std::memcmp(a, b, static_cast<std::size_t>(whole)) != 0) return false;
  return rest == 0 || (a[whole] >> (8 - rest)) == (b[whole] >> (8 - rest));
}

std::optional<std::string_view> why_not_public4(const Address& address) {
  const std::uint32_t value =
      ip(address.bytes[0], address.bytes[1], address.bytes[2], address.bytes[3]);
  for (const Net4& net : kNot4)
    if ((value ^ net.base) >> (32 - net.bits) == 0) return net.what;
  return std::nullopt;
}

std::optional<std::string_view> why_not_public6(const Address& address) {
  const std::uint8_t* b = address.bytes.data();
  for (const Net6& net : kNot6)
    if (same_start(b, net.base.data(), net.bits)) return net.what;
  if (b[0] >> 5 == 1) {
    // ISATAP: an IPv4 address behind ::0:5efe or ::200:5efe.
    const bool isatap = (b[8] & 0xfd) == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe;
    if (isatap) return "a translated IPv4 address";
    return std::nullopt;
  }
  for (const Net6& net : kNames6)
    if (same_start(b, net.base.data(), net.bits)) return net.what;
  const bool low = std::all_of(b, b + 8, [](std::uint8_t byte) { return byte == 0; });
  if (low && std::all_of(b + 8, b + 15, [](std::uint8_t byte) { return byte == 0; }))
    return b[15] == 1 ? "a loopback address" : "an unspecified address";
  if (low) return "an IPv4 address in the form of IPv6";
  return "an address outside of the public internet";
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  const std::string copy(text);
  Address out;
  // A NUL would end the text for inet_pton() alone.
  if (copy.find('\0') != std::string::npos) return std::nullopt;
  if (::inet_pton(AF_INET, copy.c_str(), out.bytes.data()) == 1) return out;
  out.six = true;
  if (::inet_pton(AF_INET6, copy.c_str(), out.bytes.data()) == 1) return out;
  return std::nullopt;
}

std::optional<Address> from_sockaddr(const sockaddr* address) {
  Address out;
  if (address->sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, address, sizeof four);
    std::memcpy(out.bytes.data(), &four.sin_addr, 4);
    return out;
  }
  if (address->sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 six{};
  std::memcpy(&six, address, sizeof six);
  std::memcpy(out.bytes.data(), &six.sin6_addr, 16);
  out.six = true;
  return out;
}

std::string to_string(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(address.six ? AF_INET6 : AF_INET, address.bytes.data(), text.data(), text.size());
  return text.data();
}

Result<Cidr> parse_cidr(std::string_view text) {
  const auto slash = text.find('/');
  const auto base = parse_address(text.substr(0, slash));
  const auto refuse = [&] {
    return fail(ErrorCode::invalid_argument,
                "\"" + std::string(text) + "\" is no network, like 10.1.0.0/16 or fd00:1::/64.");
  };
  if (!base) return refuse();
  const int most = base->six ? 128 : 32;
  if (slash == text.npos) return Cidr{*base, most};
  const std::string_view digits = text.substr(slash + 1);
  int bits = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc() || end != digits.data() + digits.size() || bits < 0 || bits > most)
    return refuse();
  return Cidr{*base, bits};
}

bool contains(const Cidr& net, const Address& address) {
  return net.base.six == address.six &&
         same_start(net.base.bytes.data(), address.bytes.data(), net.bits);
}

std::optional<std::string_view> why_not_public(const Address& address) {
  return address.six ? why_not_public6(address) : why_not_public4(address);
}

}  // namespace cad::webhooks
