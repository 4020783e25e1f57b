// SPDX-License-Identifier: Apache-2.0
#include "auth/allowed_networks.hpp"

#include <algorithm>

#include "net/networks.hpp"

namespace cad::auth {
namespace {

Result<net::Networks> read(std::string_view list) {
  net::Networks networks;
  while (!list.empty()) {
    const auto end = std::min(list.find(' '), list.size());
    CAD_TRY(networks.add(list.substr(0, end)));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return networks;
}

}  // namespace

Result<void> check_networks(std::string_view networks) {
  CAD_TRY(read(networks));
  return {};
}

bool allows(std::string_view networks, std::string_view remote) {
  if (networks.empty()) return true;
  const auto listed = read(networks);
  const auto address = net::parse_ip(remote);
  return listed && address && listed->contains(*address);
}

}  // namespace cad::auth
