// SPDX-License-Identifier: Apache-2.0
#include "redis/testing/redis_server.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "test_paths.hpp"

extern char** environ;

namespace cad::redis {
namespace {

[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

}  // namespace

bool can_start_redis() {
  const char* ci = std::getenv("CI");
  if (ci != nullptr && std::string_view(ci) == "true") return true;
  for (const char* path : {"/usr/bin/redis-server", "/usr/local/bin/redis-server"})
    if (::access(path, X_OK) == 0) return true;
  return false;
}

RedisServer::RedisServer(const std::vector<std::string>& arguments) {
  ::signal(SIGPIPE, SIG_IGN);
  int in[2], out[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) give_up("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  std::vector<std::string> words{"python3",
                                 test_paths::source_dir + "/tests/support/servers/redis.py"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  if (::posix_spawnp(&pid_, "python3", &actions, nullptr, argv.data(), environ) != 0)
    give_up("python3 does not start");
  posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);
  to_ = in[1];
  from_ = out[0];
  url_ = read_line();
  admin_url_ = ask("admin");
}

RedisServer::~RedisServer() {
  ::close(to_);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  ::close(from_);
}

std::string RedisServer::read_line() {
  std::string line;
  char c = 0;
  while (::read(from_, &c, 1) == 1) {
    if (c == '\n') return line;
    line += c;
  }
  give_up("redis-server did not start");
}

std::string RedisServer::ask(const std::string& word) {
  const std::string line = word + "\n";
  if (::write(to_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    give_up("redis.py is gone");
  return read_line();
}

void RedisServer::tell(const std::string& word) {
  if (ask(word) != "ok") give_up("redis.py does not do: " + word);
}

std::shared_ptr<const Options> RedisServer::options() const {
  return std::make_shared<const Options>(parse_url(url_).value());
}

RedisServer& fresh_redis() {
  static RedisServer server;
  server.tell("continue");
  server.tell("flush");
  return server;
}

}  // namespace cad::redis
