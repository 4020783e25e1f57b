// SPDX-License-Identifier: Apache-2.0
// Names to addresses.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "webhooks/address.hpp"

namespace cad::webhooks {

class Resolver {
 public:
  virtual ~Resolver() = default;
  // Every address of the name, IPv4 and IPv6. UNAVAILABLE: none, or no answer. Any thread.
  virtual Result<std::vector<Address>> look_up(const std::string& host) = 0;
  // What is looked up ends at once without an answer, and so does what is asked later.
  virtual void stop() {}
};

// One whose stop() works, of one that knows none: the system's look-ups have no end of their own
// but the name servers' patience, which may be half a minute.
std::unique_ptr<Resolver> make_stoppable(std::shared_ptr<Resolver> resolver);

// As the machine does it: /etc/hosts, DNS.
std::unique_ptr<Resolver> make_system_resolver();
// The DNS server at "ADDRESS:PORT" (IPv4) alone. INVALID_ARGUMENT.
Result<std::unique_ptr<Resolver>> make_dns_resolver(const std::string& server);

}  // namespace cad::webhooks
