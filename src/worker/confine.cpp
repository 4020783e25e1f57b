// SPDX-License-Identifier: Apache-2.0
#include "worker/confine.hpp"

#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
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

const char* confine(const Confinement& confinement) {
  enter_own_namespaces();
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "no_new_privs";
  if (!close_landlock()) return "landlock";
  if (!set_limits(confinement)) return "rlimits";
  if (!drop_capabilities()) return "capabilities";
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return "dumpable";
  // Late: a change of credentials clears it. A parent that died before closes descriptor 0.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return "pdeathsig";
  if (!close_seccomp()) return "seccomp";
  return nullptr;
}

}  // namespace cad::worker
