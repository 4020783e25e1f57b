// SPDX-License-Identifier: Apache-2.0
// Which walls the worker could put up on this system: the worker tests it on itself and says so in
// one line, the service decides whether that is enough to serve.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cad::sandbox {

struct Isolation {
  bool seccomp = false;
  bool no_new_privs = false;
  bool rlimits = false;
  bool capabilities = false;  // none are left
  bool not_dumpable = false;
  int landlock = 0;         // version of the kernel's interface; 0: none
  bool empty_root = false;  // only tried where there is no Landlock
  bool namespaces = false;  // users, network, IPC

  friend bool operator==(const Isolation&, const Isolation&) = default;
};

// "isolation seccomp=1 no_new_privs=1 ... landlock=6 ...", and back; none for any other text.
std::string to_line(const Isolation& isolation);
std::optional<Isolation> isolation_from_line(std::string_view line);

// What this system lacks, for people. An empty root is no lack where Landlock is.
std::vector<std::string_view> missing_layers(const Isolation& isolation);

// UNAVAILABLE, with what to do, unless there are at least seccomp, no_new_privs, rlimits, and
// Landlock or an empty root.
Result<void> check_minimum(const Isolation& isolation);

// Has the worker close itself in and tell. UNAVAILABLE when it cannot be started or does not.
Result<Isolation> test_isolation(const std::string& worker_path,
                                 std::chrono::milliseconds patience = std::chrono::seconds(10));

}  // namespace cad::sandbox
