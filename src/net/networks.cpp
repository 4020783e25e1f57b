// SPDX-License-Identifier: Apache-2.0
#include "net/networks.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace cad::net {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t kMaxText = 45;

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

IpAddress masked(IpAddress address, int prefix) {
  for (int bit = prefix; bit < 128; ++bit)
    address.bytes[static_cast<std::size_t>(bit / 8)] &=
        static_cast<std::uint8_t>(~(0x80 >> (bit % 8)));
  return address;
}

}  // namespace

bool IpAddress::is_v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes.begin()); }

bool IpAddress::is_loopback() const {
  if (is_v4()) return bytes[12] == 127;
  return bytes.back() == 1 &&
         std::all_of(bytes.begin(), bytes.end() - 1, [](auto b) { return !b; });
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (is_v4()) {
    ::inet_ntop(AF_INET, bytes.data() + 12, out.data(), out.size());
  } else {
    ::inet_ntop(AF_INET6, bytes.data(), out.data(), out.size());
  }
  return out.data();
}

std::string IpAddress::group() const { return is_v4() ? text() : masked(*this, 64).text(); }

std::optional<IpAddress> parse_ip(std::string_view text) {
  if (text.size() > kMaxText) return std::nullopt;
  const std::string copy(text);  // with its end
  if (copy.find('\0') != copy.npos) return std::nullopt;
  IpAddress out;
  if (::inet_pton(AF_INET, copy.c_str(), out.bytes.data() + 12) == 1) {
    std::copy(kMapped.begin(), kMapped.end(), out.bytes.begin());
    return out;
  }
  if (::inet_pton(AF_INET6, copy.c_str(), out.bytes.data()) == 1) return out;
  return std::nullopt;
}

std::optional<IpAddress> parse_ip_and_port(std::string_view text) {
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == text.npos) return std::nullopt;
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return std::nullopt;
    return parse_ip(text.substr(1, close - 1));
  }
  if (std::count(text.begin(), text.end(), ':') == 1) {
    const auto colon = text.find(':');
    if (!is_port(text.substr(colon + 1))) return std::nullopt;
    text = text.substr(0, colon);
  }
  return parse_ip(text);
}

Result<void> Networks::add(std::string_view cidr) {
  const std::string shown(cidr.substr(0, 60));
  const auto slash = cidr.find('/');
  const auto base = parse_ip(cidr.substr(0, slash));
  if (!base)
    return fail(ErrorCode::invalid_argument,
                "\"" + shown + "\" is no network, like 10.1.2.0/24 or 2001:db8::1.");
  const int offset = base->is_v4() ? 96 : 0;
  int prefix = 128;
  if (slash != cidr.npos) {
    const std::string_view digits = cidr.substr(slash + 1);
    int number = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size() || number < 0 ||
        number > 128 - offset)
      return fail(ErrorCode::invalid_argument, "\"" + shown + "\" has no valid prefix length.");
    prefix = number + offset;
  }
  if (prefix < (base->is_v4() ? 96 + 8 : 16))
    return fail(ErrorCode::invalid_argument,
                "\"" + shown + "\" is too wide: name an address or a network of its own.");
  if (masked(*base, prefix) != *base)
    return fail(ErrorCode::invalid_argument,
                "\"" + shown + "\" has bits behind its prefix; did you mean " +
                    masked(*base, prefix).text() + "/" + std::to_string(prefix - offset) + "?");
  networks_.push_back({*base, prefix});
  return {};
}

bool Networks::contains(const IpAddress& address) const {
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    return masked(address, network.prefix) == network.base;
  });
}

}  // namespace cad::net
