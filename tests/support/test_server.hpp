// SPDX-License-Identifier: Apache-2.0
// Real servers for tests: scripts in tests/support/servers, each prints its URL, obeys lines of its
// input and stops when that closes.
#pragma once

#include <memory>
#include <optional>
#include <string>

namespace cad::test_support {

class TestServer {
 public:
  // None: it is not installed, or does not start.
  static std::unique_ptr<TestServer> start(const std::string& name);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  const std::string& url() const { return url_; }
  // "stop", "start", "restart" ...; false: it did not work.
  bool tell(const std::string& command);

 private:
  TestServer() = default;
  std::optional<std::string> read_line();

  int input_ = -1, output_ = -1, process_ = -1;
  std::string url_, pending_;
};

// The URL of the one server of this test program, started when first asked for: that of the
// variable CADLENS_TEST_<NAME>_URL when it is set. None: there is none. With CI=true its absence
// ends the program.
std::optional<std::string> shared_server(const std::string& name);

}  // namespace cad::test_support
