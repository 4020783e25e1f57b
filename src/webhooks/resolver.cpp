// SPDX-License-Identifier: Apache-2.0
#include "webhooks/resolver.hpp"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace cad::webhooks {
namespace {

constexpr std::size_t kMaxAddresses = 32;

tl::unexpected<Error> unknown(const std::string& why) {
  return fail(ErrorCode::unavailable, "The host name cannot be looked up: " + why + ".");
}

void add(std::vector<Address>& all, const Address& address) {
  if (all.size() < kMaxAddresses && std::find(all.begin(), all.end(), address) == all.end())
    all.push_back(address);
}

// Each look-up has a thread of its own, which a stop leaves behind: it holds all that it works
// with.
class Stoppable : public Resolver {
 public:
  explicit Stoppable(std::shared_ptr<Resolver> resolver) : resolver_(std::move(resolver)) {}

  Result<std::vector<Address>> look_up(const std::string& host) override {
    const auto found = std::make_shared<std::optional<Result<std::vector<Address>>>>();
    std::unique_lock lock(state_->mutex);
    if (state_->stopping) return stopped();
    try {
      std::thread([state = state_, resolver = resolver_, host, found] {
        auto addresses = resolver->look_up(host);
        const std::lock_guard done(state->mutex);
        *found = std::move(addresses);
        state->changed.notify_all();
      }).detach();
    } catch (const std::system_error&) {
      return unknown("there is no thread to be had");
    }
    state_->changed.wait(lock, [&] { return state_->stopping || found->has_value(); });
    return found->has_value() ? std::move(**found) : stopped();
  }

  void stop() override {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->changed.notify_all();
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    bool stopping = false;
  };

  static Result<std::vector<Address>> stopped() { return unknown("the service is stopping"); }

  std::shared_ptr<Resolver> resolver_;
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

class SystemResolver : public Resolver {
 public:
  Result<std::vector<Address>> look_up(const std::string& host) override {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    if (code != 0) return unknown(::gai_strerror(code));
    std::vector<Address> all;
    for (const addrinfo* at = found; at != nullptr; at = at->ai_next)
      if (const auto address = from_sockaddr(at->ai_addr)) add(all, *address);
    ::freeaddrinfo(found);
    return all;
  }
};

class DnsResolver : public Resolver {
 public:
  explicit DnsResolver(const sockaddr_in& server) : server_(server) {}

  Result<std::vector<Address>> look_up(const std::string& host) override {
    struct __res_state state {};
    if (::res_ninit(&state) != 0) return unknown("the resolver cannot be set up");
    state.nscount = 1;
    state.nsaddr_list[0] = server_;
    state.retrans = 2;
    state.retry = 2;
    std::vector<Address> all;
    const bool four = ask(state, host, ns_t_a, all), six = ask(state, host, ns_t_aaaa, all);
    ::res_nclose(&state);
    if (!four && !six) return unknown("the DNS server does not know it");
    return all;
  }

 private:
  // False: no answer, or one that says no. What leads from name to name is the server's work.
  static bool ask(struct __res_state& state, const std::string& host, ns_type type,
                  std::vector<Address>& all) {
    std::array<unsigned char, 4096> answer{};
    const int size = ::res_nquery(&state, host.c_str(), ns_c_in, type, answer.data(),
                                  static_cast<int>(answer.size()));
    if (size < 0) return false;
    ns_msg message;
    const int held = std::min(size, static_cast<int>(answer.size()));
    if (::ns_initparse(answer.data(), held, &message) != 0) return false;
    for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
      ns_rr record;
      if (::ns_parserr(&message, ns_s_an, i, &record) != 0) return false;
      const std::size_t wanted = type == ns_t_a ? 4 : 16;
      if (ns_rr_type(record) != type || ns_rr_rdlen(record) != wanted) continue;
      Address address;
      address.six = type == ns_t_aaaa;
      std::memcpy(address.bytes.data(), ns_rr_rdata(record), wanted);
      add(all, address);
    }
    return true;
  }

  sockaddr_in server_;
};

}  // namespace

std::unique_ptr<Resolver> make_stoppable(std::shared_ptr<Resolver> resolver) {
  return std::make_unique<Stoppable>(std::move(resolver));
}

std::unique_ptr<Resolver> make_system_resolver() {
  return make_stoppable(std::make_shared<SystemResolver>());
}

Result<std::unique_ptr<Resolver>> make_dns_resolver(const std::string& server) {
  const auto colon = server.find(':');
  const auto address = parse_address(server.substr(0, colon));
  const std::string digits = colon == server.npos ? "53" : server.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (!address || address->six || error != std::errc() || end != digits.data() + digits.size())
    return fail(ErrorCode::invalid_argument,
                "\"" + server + "\" is not the ADDRESS:PORT (IPv4) of a DNS server.");
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  std::memcpy(&where.sin_addr, address->bytes.data(), 4);
  return make_stoppable(std::make_shared<DnsResolver>(where));
}

}  // namespace cad::webhooks
