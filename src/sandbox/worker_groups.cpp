// SPDX-License-Identifier: Apache-2.0
#include "sandbox/worker_groups.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/unique_fd.hpp"

namespace cad::sandbox {
namespace {

std::string read_text(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// One write: a control file takes its value whole.
bool put(const std::string& path, const std::string& value) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  return file &&
         ::write(file.get(), value.data(), value.size()) == static_cast<ssize_t>(value.size());
}

bool has_word(const std::string& words, const std::string& wanted) {
  std::istringstream stream(words);
  for (std::string word; stream >> word;)
    if (word == wanted) return true;
  return false;
}

// Where the unified hierarchy is mounted.
std::string mount_point() {
  std::ifstream mounts("/proc/self/mounts");
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream fields(line);
    std::string device, point, type;
    if (fields >> device >> point >> type && type == "cgroup2") return point;
  }
  return "";
}

// Our path in it: the line "0::/system.slice/cadlens.service".
std::string own_path() {
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);)
    if (line.starts_with("0::/")) return line.substr(3);
  return "";
}

}  // namespace

WorkerGroup& WorkerGroup::operator=(WorkerGroup&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

WorkerGroup::~WorkerGroup() {
  if (!path_.empty()) ::rmdir(path_.c_str());
}

std::optional<WorkerGroups> WorkerGroups::find() {
  const std::string mount = mount_point(), path = own_path();
  // The root is the whole system's: never ours to divide.
  if (mount.empty() || path.size() < 2) return std::nullopt;
  return in(mount + path, ::getpid());
}

std::optional<WorkerGroups> WorkerGroups::in(const std::string& own_group, pid_t own_pid) {
  const std::string controllers = read_text(own_group + "/cgroup.controllers");
  if (!has_word(controllers, "memory")) return std::nullopt;
  const std::string me = std::to_string(own_pid), leaf = own_group + "/service";
  if (read_text(own_group + "/cgroup.procs") != me + "\n") return std::nullopt;
  // It may be there from a run before.
  if (::mkdir(leaf.c_str(), 0755) != 0 && errno != EEXIST) return std::nullopt;
  const std::string wanted = has_word(controllers, "pids") ? "+memory +pids" : "+memory";
  if (put(leaf + "/cgroup.procs", me) && put(own_group + "/cgroup.subtree_control", wanted))
    return WorkerGroups(own_group);
  put(own_group + "/cgroup.procs", me);
  ::rmdir(leaf.c_str());
  return std::nullopt;
}

Result<WorkerGroup> WorkerGroups::add(pid_t worker, std::uint64_t memory_bytes) const {
  const std::string pid = std::to_string(worker), path = own_group_ + "/worker-" + pid;
  if (::mkdir(path.c_str(), 0755) != 0)
    return fail(ErrorCode::unavailable, path + ": " + std::strerror(errno));
  WorkerGroup group(path);
  put(path + "/memory.swap.max", "0");  // absent where there is no swap
  put(path + "/pids.max", "1");
  if (!put(path + "/memory.max", std::to_string(memory_bytes)) || !put(path + "/cgroup.procs", pid))
    return fail(ErrorCode::unavailable, path + ": " + std::strerror(errno));
  return group;
}

}  // namespace cad::sandbox
