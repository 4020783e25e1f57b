// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "sandbox/isolation.hpp"
#include "sandbox/plain_text.hpp"
#include "sandbox/spawn.hpp"

namespace cad::sandbox {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostBytes = 4096;

// Until it closes the stream, says too much, or takes too long.
std::string read_patiently(const UniqueFd& from, Clock::time_point deadline) {
  std::string text;
  std::array<char, 512> buffer{};
  while (text.size() < kMostBytes) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) break;
    pollfd polled{from.get(), POLLIN, 0};
    if (::poll(&polled, 1, static_cast<int>(left.count())) <= 0) continue;
    const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace

Result<Isolation> test_isolation(const std::string& worker_path,
                                 std::chrono::milliseconds patience) {
  CAD_ASSIGN(const Child child, spawn_worker(worker_path, {"--self-test"}));
  const std::string text = read_patiently(child.out, Clock::now() + patience);
  const std::string said = printable_ascii(read_patiently(child.err, Clock::now()));
  ::kill(child.pid, SIGKILL);
  while (::waitpid(child.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (const auto found = isolation_from_line(text.substr(0, text.find('\n')))) return *found;
  return fail(ErrorCode::unavailable,
              "The worker program " + worker_path + " does not pass its self-test" +
                  (said.empty() ? "." : ": " + said.substr(0, said.find('\n'))));
}

}  // namespace cad::sandbox
