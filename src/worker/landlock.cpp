// SPDX-License-Identifier: Apache-2.0
// Debian 12's <linux/landlock.h> ends at ABI 2: structure and values of later ones are written out
// here, from the kernel's Documentation/userspace-api/landlock.rst.
#include "worker/landlock.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#include "base/unique_fd.hpp"

namespace cad::worker {
namespace {

constexpr long kCreateRuleset = 444;  // the same number on every architecture
constexpr long kRestrictSelf = 446;
constexpr unsigned kAskVersion = 1;

struct RulesetAttributes {
  std::uint64_t handled_access_fs = 0;
  std::uint64_t handled_access_net = 0;  // from ABI 4
  std::uint64_t scoped = 0;              // from ABI 6
};

// What is handled and not granted by a rule is denied; there are no rules.
RulesetAttributes everything(long abi) {
  RulesetAttributes all;
  int fs_rights = 13;            // ABI 1: execute .. make_sym
  if (abi >= 2) fs_rights = 14;  // refer
  if (abi >= 3) fs_rights = 15;  // truncate
  if (abi >= 5) fs_rights = 16;  // ioctl on devices
  all.handled_access_fs = (1ull << fs_rights) - 1;
  if (abi >= 4) all.handled_access_net = 0b11;  // bind, connect
  if (abi >= 6) all.scoped = 0b11;              // abstract sockets, signals
  return all;
}

std::size_t attribute_bytes(long abi) { return abi >= 6 ? 24 : abi >= 4 ? 16 : 8; }

}  // namespace

int close_landlock() {
  const long abi = syscall(kCreateRuleset, nullptr, 0, kAskVersion);
  if (abi < 1) return 0;
  const RulesetAttributes attributes = everything(abi);
  const UniqueFd ruleset(
      static_cast<int>(syscall(kCreateRuleset, &attributes, attribute_bytes(abi), 0)));
  const bool closed = ruleset && syscall(kRestrictSelf, ruleset.get(), 0) == 0;
  return closed ? static_cast<int>(abi) : -1;
}

}  // namespace cad::worker
