// SPDX-License-Identifier: Apache-2.0
#include "worker/confine.hpp"

#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker/landlock.hpp"
#include "worker/seccomp.hpp"

namespace cad::worker {
namespace {

bool limit(__rlimit_resource resource, std::uint64_t soft, std::uint64_t hard) {
  // An inherited hard limit may be lower: it stays.
  rlimit current{};
  if (getrlimit(resource, &current) != 0) return false;
  if (hard > current.rlim_max) hard = current.rlim_max;
  if (soft > hard) soft = hard;
  const rlimit wanted{soft, hard};
  return setrlimit(resource, &wanted) == 0;
}

bool set_limits(const Confinement& confinement) {
  // SIGXCPU at the soft limit, SIGKILL a second later. Files of no byte: no writes to files even by
  // a descriptor that was let in. RLIMIT_NOFILE 0: no new descriptor, whatever call would make one.
  return limit(RLIMIT_AS, confinement.memory_bytes, confinement.memory_bytes) &&
         limit(RLIMIT_CPU, confinement.cpu_seconds, confinement.cpu_seconds + 1) &&
         limit(RLIMIT_FSIZE, 0, 0) && limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_NOFILE, 0, 0) &&
         limit(RLIMIT_NPROC, 0, 0) && limit(RLIMIT_MEMLOCK, 0, 0) && limit(RLIMIT_MSGQUEUE, 0, 0);
}

bool drop_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  return syscall(SYS_capset, &header, none) == 0;
}

}  // namespace

bool enter_own_namespaces() { return unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) == 0; }

bool enter_empty_root() {
  if (unshare(CLONE_NEWNS) != 0) return false;
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  // Over any folder that is surely there; the old root is put on top of the new one and taken off.
  if (mount("none", "/proc", "tmpfs", MS_NODEV | MS_NOEXEC | MS_NOSUID, "size=4k") != 0)
    return false;
  if (chdir("/proc") != 0 || syscall(SYS_pivot_root, ".", ".") != 0) return false;
  if (umount2(".", MNT_DETACH) != 0 || chdir("/") != 0) return false;
  return mount("none", "/", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0;
}

Confined confine(const Confinement& confinement) {
  Confined out;
  sandbox::Isolation& layers = out.layers;
  const auto open = [&out](const char* layer) {
    out.open_layer = layer;
    return out;
  };
  layers.namespaces = confinement.in_own_namespaces || enter_own_namespaces();
  layers.no_new_privs = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  if (!layers.no_new_privs) return open("no_new_privs");
  const int landlock = close_landlock();
  layers.landlock = landlock > 0 ? landlock : 0;
  if (landlock <= 0) layers.empty_root = enter_empty_root();
  if (landlock <= 0 && !layers.empty_root) return open("landlock or an empty root");
  layers.rlimits = set_limits(confinement);
  if (!layers.rlimits) return open("rlimits");
  layers.capabilities = drop_capabilities();
  if (!layers.capabilities) return open("capabilities");
  layers.not_dumpable = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
  if (!layers.not_dumpable) return open("dumpable");
  // Late: a change of credentials clears it. A parent that died before closes descriptor 0.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return open("pdeathsig");
  layers.seccomp = close_seccomp();
  if (!layers.seccomp) return open("seccomp");
  return out;
}

}  // namespace cad::worker
