// SPDX-License-Identifier: Apache-2.0
#include "test_server.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>

#include "test_paths.hpp"

namespace cad::test_support {

std::unique_ptr<TestServer> TestServer::start(const std::string& name) {
  std::array<int, 2> in{}, out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) return nullptr;
  const std::string script = test_paths::source_dir + "/tests/support/servers/" + name + ".py";
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  std::string python = "python3", path = script;
  std::array<char*, 3> arguments{python.data(), path.data(), nullptr};
  pid_t process = -1;
  const int failed =
      ::posix_spawnp(&process, "/usr/bin/python3", &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);
  std::unique_ptr<TestServer> server(new TestServer);
  server->input_ = in[1];
  server->output_ = out[0];
  server->process_ = failed == 0 ? process : -1;
  const auto url = failed == 0 ? server->read_line() : std::nullopt;
  if (!url) return nullptr;
  server->url_ = *url;
  return server;
}

TestServer::~TestServer() {
  ::close(input_);
  ::close(output_);
  if (process_ > 0)
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

std::optional<std::string> TestServer::read_line() {
  while (true) {
    if (const auto end = pending_.find('\n'); end != pending_.npos) {
      std::string line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return line;
    }
    std::array<char, 512> buffer{};
    const ssize_t got = ::read(output_, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    pending_.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

bool TestServer::tell(const std::string& command) {
  const std::string line = command + "\n";
  if (::write(input_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return false;
  return read_line() == "ok";
}

std::optional<std::string> shared_server(const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<TestServer>> servers;
  const std::lock_guard lock(mutex);
  std::string variable = "CADLENS_TEST_" + name + "_URL";
  for (char& c : variable)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (const char* given = std::getenv(variable.c_str())) return given;
  auto found = servers.find(name);
  if (found == servers.end()) found = servers.emplace(name, TestServer::start(name)).first;
  if (found->second) return found->second->url();
  const char* ci = std::getenv("CI");
  if (ci == nullptr || std::string(ci) != "true") return std::nullopt;
  std::fprintf(stderr, "There is no %s server for the tests.\n", name.c_str());
  std::exit(1);
}

}  // namespace cad::test_support
