// SPDX-License-Identifier: Apache-2.0
// Commands to one Redis server from any number of threads. While the server is away every call
// fails at once with UNAVAILABLE; a thread of the client's own looks when it is back.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "redis/resp.hpp"

namespace cad::redis {

struct Options;

// A Lua script, sent once and then called by its hash.
class Script {
 public:
  explicit Script(std::string_view text);
  const std::string& text() const { return text_; }
  const std::string& sha1() const { return sha1_; }

 private:
  std::string text_, sha1_;
};

class Client {
 public:
  explicit Client(std::shared_ptr<const Options> options);
  ~Client();

  // UNAVAILABLE: the server is away, starting or refuses us; INTERNAL: it does not like the
  // command. What was sent when an error came back may have been done all the same.
  Result<Reply> run(const Command& command);
  Result<Reply> run(const Script& script, const std::vector<std::string>& keys,
                    const std::vector<std::string>& arguments);
  // One round trip; the server's errors are among the replies.
  Result<std::vector<Reply>> pipeline(const std::vector<Command>& commands);
  const std::shared_ptr<const Options>& options() const;

 private:
  class Pool;
  std::unique_ptr<Pool> pool_;
};

// The server's error as one of ours.
Error error_of(const Reply& reply);

}  // namespace cad::redis
