// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>

#include "sandbox/protocol.hpp"
#include "worker/confine.hpp"

namespace cad::worker {
namespace {

void say(int descriptor, std::string text) {
  text.push_back('\n');
  (void)!write(descriptor, text.data(), text.size());
}

// The kernel's own word for what the calls before claimed.
bool kernel_agrees(int status, std::string_view line) {
  char buffer[4096];
  const ssize_t size = pread(status, buffer, sizeof buffer, 0);
  return size > 0 &&
         std::string_view(buffer, static_cast<std::size_t>(size)).find(line) != std::string::npos;
}

}  // namespace

int self_test() {
  const int status = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  Confined got = confine({});
  got.layers.seccomp = got.layers.seccomp && kernel_agrees(status, "\nSeccomp:\t2\n");
  got.layers.no_new_privs = got.layers.no_new_privs && kernel_agrees(status, "\nNoNewPrivs:\t1\n");
  if (got.open_layer != nullptr)
    say(STDERR_FILENO, "cannot isolate: " + std::string(got.open_layer));
  say(STDOUT_FILENO, sandbox::to_line(got.layers));
  return got.open_layer == nullptr ? 0 : sandbox::kExitNotConfined;
}

}  // namespace cad::worker
