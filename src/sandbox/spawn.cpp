// SPDX-License-Identifier: Apache-2.0
#include "sandbox/spawn.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace cad::sandbox {
namespace {

constexpr int kPipeBytes = 1 << 20;  // fewer switches between the two; not granted: the default

tl::unexpected<Error> fail_start(const std::string& what, int error) {
  return fail(ErrorCode::unavailable, what + ": " + std::generic_category().message(error));
}

// Both ends above 2, so that giving the child its 0, 1 and 2 cannot overwrite one of them.
Result<void> keep_clear(int first, int second, UniqueFd& one, UniqueFd& other) {
  one.reset(first);
  other.reset(second);
  for (UniqueFd* end : {&one, &other}) {
    if (end->get() > 2) continue;
    end->reset(::fcntl(end->get(), F_DUPFD_CLOEXEC, 3));
    if (!*end) return fail_start("pipe", errno);
  }
  return {};
}

Result<void> make_pipe(UniqueFd& read, UniqueFd& write, const UniqueFd& ours, int bytes) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail_start("pipe", errno);
  CAD_TRY(keep_clear(ends[0], ends[1], read, write));
  if (bytes > 0) ::fcntl(read.get(), F_SETPIPE_SZ, bytes);
  if (::fcntl(ours.get(), F_SETFL, O_NONBLOCK) != 0) return fail_start("pipe", errno);
  return {};
}

Result<void> make_socket(UniqueFd& child, UniqueFd& ours) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return fail_start("socketpair", errno);
  return keep_clear(ends[0], ends[1], child, ours);
}

// posix_spawn's two parameter objects, released whatever happens.
struct SpawnPlan {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;

  SpawnPlan() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
};

int prepare(SpawnPlan& plan, int in, int out, int err) {
  int error = 0;
  const auto step = [&](int result) {
    if (error == 0) error = result;
  };
  step(posix_spawn_file_actions_adddup2(&plan.actions, in, 0));
  step(posix_spawn_file_actions_adddup2(&plan.actions, out, 1));
  step(posix_spawn_file_actions_adddup2(&plan.actions, err, 2));
  step(posix_spawn_file_actions_addclosefrom_np(&plan.actions, 3));
  step(posix_spawn_file_actions_addchdir_np(&plan.actions, "/"));
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
  sigemptyset(&none);
  step(posix_spawnattr_setsigdefault(&plan.attributes, &all));
  step(posix_spawnattr_setsigmask(&plan.attributes, &none));
  // No session of its own: the scheduler may weigh sessions against each other (autogroup), and
  // stepping back (worker_client.cpp) would then give way to nobody.
  step(posix_spawnattr_setpgroup(&plan.attributes, 0));
  step(posix_spawnattr_setflags(
      &plan.attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP));
  return error;
}

}  // namespace

Result<Pipes> make_pipes() {
  Pipes pipes;
  CAD_TRY(make_pipe(pipes.child_in, pipes.in, pipes.in, kPipeBytes));
  CAD_TRY(make_pipe(pipes.out, pipes.child_out, pipes.out, kPipeBytes));
  CAD_TRY(make_pipe(pipes.err, pipes.child_err, pipes.err, 0));
  return pipes;
}

Child child_of(pid_t pid, Pipes pipes) {
  Child child;
  child.pid = pid;
  child.exited.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  child.in = std::move(pipes.in);
  child.out = std::move(pipes.out);
  child.err = std::move(pipes.err);
  return child;
}

Result<Child> spawn_worker(const std::string& path, std::vector<std::string> arguments,
                           Input input) {
  CAD_ASSIGN(Pipes pipes, make_pipes());
  if (input == Input::socket) CAD_TRY(make_socket(pipes.child_in, pipes.in));
  SpawnPlan plan;
  if (int error =
          prepare(plan, pipes.child_in.get(), pipes.child_out.get(), pipes.child_err.get())) {
    return fail_start("posix_spawn", error);
  }
  std::string name = "cadlens-worker";
  std::vector<char*> all{name.data()};
  for (std::string& argument : arguments) all.push_back(argument.data());
  all.push_back(nullptr);
  char* environment[] = {nullptr};

  // The child is in another folder by the time it looks for the program.
  std::error_code unknown_folder;
  const std::string program = std::filesystem::absolute(path, unknown_folder).string();
  pid_t pid = -1;
  if (int error = posix_spawn(&pid, program.c_str(), &plan.actions, &plan.attributes, all.data(),
                              environment)) {
    return fail_start(program, error);
  }
  return child_of(pid, std::move(pipes));
}

}  // namespace cad::sandbox
