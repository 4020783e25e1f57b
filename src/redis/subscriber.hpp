// SPDX-License-Identifier: Apache-2.0
// Messages of channels, over a connection and in a thread of their own. Redis keeps no message for
// who is not there: after `connected` anything may have been missed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "redis/options.hpp"

namespace cad::redis {

struct Listener {
  std::function<void(std::string_view channel, std::string_view text)> message;
  // The server sends this channel's messages from now on: told after every new connection, too.
  std::function<void(std::string_view channel)> subscribed = nullptr;
};

class Subscriber {
 public:
  // The listener is called from the subscriber's thread and must not block.
  Subscriber(std::shared_ptr<const Options> options, Listener listener);
  ~Subscriber();

  // Take effect soon, and for every connection to come.
  void add(std::string_view channel);
  void remove(std::string_view channel);
  bool is_connected() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace cad::redis
