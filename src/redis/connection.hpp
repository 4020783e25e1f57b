// SPDX-License-Identifier: Apache-2.0
// A connection that is signed in, and commands over it.
#pragma once

#include <vector>

#include "redis/resp.hpp"
#include "redis/socket.hpp"

namespace cad::redis {

class Connection {
 public:
  static Result<Connection> open(const Options& options);

  // All commands in one go, a reply for each; the server's errors are among them. After an error
  // of its own the connection is of no use any more.
  Result<std::vector<Reply>> run(const std::vector<Command>& commands, Deadline deadline);
  Socket& socket() { return socket_; }

 private:
  explicit Connection(Socket socket) : socket_(std::move(socket)) {}
  Result<void> sign_in(const Options& options, Deadline deadline);

  Socket socket_;
  Parser parser_;
};

}  // namespace cad::redis
