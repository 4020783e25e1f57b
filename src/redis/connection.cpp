// SPDX-License-Identifier: Apache-2.0
#include "redis/connection.hpp"

#include <array>

#include "crypto/bytes.hpp"

namespace cad::redis {

Result<Connection> Connection::open(const Options& options) {
  const Deadline deadline = in(options.connect_timeout);
  CAD_ASSIGN(Socket socket, Socket::open(options, deadline));
  Connection connection(std::move(socket));
  CAD_TRY(connection.sign_in(options, deadline));
  return connection;
}

// Ends with a PING: a server that loads its data, or hangs, is none that could be used.
Result<void> Connection::sign_in(const Options& options, Deadline deadline) {
  std::vector<Command> commands;
  if (!options.password.empty()) {
    Command& auth = commands.emplace_back(Command{"AUTH"});
    if (!options.user.empty()) auth.push_back(options.user);
    auth.emplace_back(options.password.text());
  }
  if (options.database != 0) commands.push_back({"SELECT", std::to_string(options.database)});
  commands.push_back({"PING"});
  auto replies = run(commands, deadline);
  for (Command& command : commands)
    for (std::string& word : command) crypto::wipe(std::as_writable_bytes(std::span(word)));
  CAD_TRY(replies);
  for (const Reply& reply : *replies)
    // Of what the server says only the code: nothing of what was sent shall come back in a log.
    if (reply.is_error())
      return fail(ErrorCode::unavailable,
                  "Redis at " + name_of(options) +
                      " refused to serve us: " + reply.text.substr(0, reply.text.find(' ')) + ".");
  return {};
}

Result<std::vector<Reply>> Connection::run(const std::vector<Command>& commands,
                                           Deadline deadline) {
  std::string bytes;
  for (const Command& command : commands) encode(command, bytes);
  const auto sent = socket_.write(bytes, deadline);
  crypto::wipe(std::as_writable_bytes(std::span(bytes)));
  CAD_TRY(sent);
  std::vector<Reply> replies;
  std::array<char, 16 * 1024> block;
  while (replies.size() < commands.size()) {
    CAD_ASSIGN(auto reply, parser_.next());
    if (reply) {
      replies.push_back(std::move(*reply));
      continue;
    }
    CAD_ASSIGN(const std::size_t count, socket_.read(block, deadline));
    parser_.feed({block.data(), count});
  }
  return replies;
}

}  // namespace cad::redis
