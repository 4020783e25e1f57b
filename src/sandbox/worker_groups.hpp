// SPDX-License-Identifier: Apache-2.0
// Each worker in a control group of its own (cgroup v2), where the service's group was given to it
// to divide (systemd: Delegate=memory pids): the kernel's memory for it counts, too, nothing of it
// is swapped out, and it cannot have children. Where not, the resource limits remain.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace cad::sandbox {

// Ends with the object; the process that was in it must have been waited for.
class WorkerGroup {
 public:
  WorkerGroup() = default;
  explicit WorkerGroup(std::string path) : path_(std::move(path)) {}
  WorkerGroup(WorkerGroup&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  WorkerGroup& operator=(WorkerGroup&& other) noexcept;
  ~WorkerGroup();

 private:
  std::string path_;  // empty: none
};

class WorkerGroups {
 public:
  // None: no unified hierarchy, no memory controller in it, or a group that we share with others or
  // may not change. Else the calling process moves into a leaf of its group, as cgroup v2 wants it.
  static std::optional<WorkerGroups> find();
  static std::optional<WorkerGroups> in(const std::string& own_group, pid_t own_pid);

  // UNAVAILABLE: it could not be made, and the process stays where it was.
  Result<WorkerGroup> add(pid_t worker, std::uint64_t memory_bytes) const;

 private:
  explicit WorkerGroups(std::string own_group) : own_group_(std::move(own_group)) {}
  std::string own_group_;
};

}  // namespace cad::sandbox
