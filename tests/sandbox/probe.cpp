// SPDX-License-Identifier: Apache-2.0
// A worker that misbehaves on demand: the drawing's name says how. Its result is what came of it.
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <new>

#include "probe_acts.hpp"
#include "sandbox/protocol.hpp"
#include "worker/channel.hpp"
#include "worker/confine.hpp"
#include "worker/landlock.hpp"
#include "worker/zygote.hpp"

namespace {

using namespace cad;

void say(worker::FrameWriter& frames, PartKind kind, std::string_view text) {
  (void)frames.write(kind, 0, std::as_bytes(std::span(text)));
}

bool closed_in(const worker::Confinement& limits) {
  if constexpr (PROBE_LAYERS == 0) return true;
  if constexpr (PROBE_LAYERS == 1) {
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && worker::close_landlock() > 0;
  }
  if constexpr (PROBE_LAYERS == 3) return worker::enter_own_namespaces();
  if constexpr (PROBE_LAYERS == 4) {
    return worker::enter_own_namespaces() && worker::enter_empty_root();
  }
  return worker::confine(limits).open_layer == nullptr;
}

// Sends megabytes: before anything of the drawing is read, that is.
void pour(worker::FrameWriter& frames, std::size_t megabytes) {
  const std::string block(1 << 20, 'x');
  for (std::size_t i = 0; i < megabytes; ++i) say(frames, PartKind::xdata, block);
}

// Of all that is left to read; the test computes the same.
std::string checksum_of_drawing() {
  std::uint64_t sum = 0;
  std::string block(1 << 16, '\0');
  ssize_t got = 0;
  while ((got = read(0, block.data(), block.size())) > 0) {
    for (char c : std::string_view(block).substr(0, static_cast<std::size_t>(got))) {
      sum = sum * 31 + static_cast<unsigned char>(c);
    }
  }
  return std::to_string(sum);
}

// Reads the request only as far as the name.
std::string read_name() {
  sandbox::RequestHeader header;
  if (read(0, &header, sizeof header) != sizeof header) _exit(9);
  std::string name(header.name_bytes, '\0');
  if (header.name_bytes > 0 && read(0, name.data(), name.size()) < 0) _exit(9);
  return name;
}

}  // namespace

int main(int count, char** arguments) {
  signal(SIGPIPE, SIG_IGN);
  std::set_new_handler([] { _exit(sandbox::kExitOutOfMemory); });
  if (count == 2 && std::string_view(arguments[1]) == "--self-test") _exit(worker::self_test());
  if (count != 2 || std::string_view(arguments[1]) != "--zygote") return sandbox::kExitBadRequest;
  const worker::Start start =
      worker::wait_as_zygote(PROBE_LAYERS == 2 && worker::enter_own_namespaces());
  if (!closed_in(start.limits)) return sandbox::kExitNotConfined;

  worker::FrameWriter frames;
  sandbox::DoneHeader facts;
  facts.entities = 3;
  facts.sheets = 1;
  const bool reads_nothing = PROBE_LAYERS == 2 && start.limits.cpu_seconds == 77;
  if (reads_nothing) {
    say(frames, PartKind::result, "read nothing");
    frames.done(facts, "DXF", "AC1032");
    return 0;
  }
  const std::string name = read_name();
  if (name == "pour 1 GB") pour(frames, 1024);
  if (name == "answer before reading") pour(frames, 8);
  if (name == "half a frame") return write(1, "CLFR", 4) == 4 ? 0 : 9;
  if (probe::lie(name, frames)) return 0;
  if (name == "reject") {
    frames.error({ErrorCode::not_a_drawing, "This is a picture,\nno drawing."});
    return 0;
  }
  if (name == "reject with a secret code") {
    frames.error({ErrorCode::integrity, "x"});
    return 0;
  }
  if (name == "progress") {
    for (int percent : {10, 50, 20, 50, 90}) frames.progress("reading", percent);
  }
  if (name == "process id then hang") {
    say(frames, PartKind::result, std::to_string(getpid()));
    frames.progress("hanging", 1);
    say(frames, PartKind::xdata, "x");  // pushes the part before it out
    say(frames, PartKind::result, "x");
    (void)probe::try_act("hang");
  }
  std::string how = name == "process id" ? std::to_string(getpid()) : probe::try_act(name);
  if (how.empty()) how = checksum_of_drawing();
  say(frames, PartKind::result, how);
  frames.done(facts, "DXF", "AC1032");
  return 0;
}
