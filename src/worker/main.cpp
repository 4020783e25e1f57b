// SPDX-License-Identifier: Apache-2.0
// cadlens-worker --zygote: copies itself for each drawing, which is parsed in a process of its own;
// cadlens-worker --self-test: which walls stand on this system. Started by the service
// (sandbox/zygote.hpp); docs/worker-protocol.md says what goes over its descriptors.
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <new>

#include "formats/format.hpp"
#include "pipeline/parse.hpp"
#include "text/fonts.hpp"
#include "worker/channel.hpp"
#include "worker/confine.hpp"
#include "worker/memory.hpp"
#include "worker/zygote.hpp"

namespace {

using namespace cad;

std::string_view name_of(FormatId id) {
  for (const Format& format : formats()) {
    if (format.id == id) return format.name;
  }
  return "";
}

void parse(const worker::Request& request, text::FontLibrary& fonts) {
  worker::FrameWriter frames;
  ParseOptions options;
  options.file_name = request.file_name;
  options.limits.max_entities = request.max_entities;
  options.image_px = request.image_px;
  options.png = request.image_px > 0;
  options.thumbnail_px = kThumbnailPx;
  // Each is a system call here and wakes a thread there: what is over in a moment says nothing.
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kBetween{50};
  options.progress = [&frames, last = -1, next = Clock::now() + kBetween](std::string_view phase,
                                                                          int percent) mutable {
    if (percent <= last || Clock::now() < next) return;
    frames.progress(phase, last = percent);
    next = Clock::now() + kBetween;
  };
  const auto outcome = parse_to_parts(request.drawing, options, fonts, frames);
  if (!outcome) return frames.error(outcome.error());

  sandbox::DoneHeader done;
  done.entities = outcome->entities;
  done.sheets = outcome->sheets;
  done.truncated = outcome->truncated ? 1 : 0;
  frames.done(done, name_of(outcome->format), outcome->version);
}

}  // namespace

int main(int count, char** arguments) {
  worker::keep_memory();
  signal(SIGPIPE, SIG_IGN);  // a parent that no longer listens is seen by the write itself
  std::set_new_handler([] { _exit(sandbox::kExitOutOfMemory); });
  close_range(3, ~0u, 0);
  const std::string_view mode = count == 2 ? arguments[1] : "";
  if (mode == "--self-test") _exit(worker::self_test());
  if (mode != "--zygote") return sandbox::kExitBadRequest;
  // Whatever has to be opened is opened before the walls close.
  worker::move_program_to_large_pages();
  const auto fonts = text::FontLibrary::open_system_fonts();
  const worker::Start start = worker::wait_as_zygote(worker::enter_own_namespaces());
  if (const char* open_layer = worker::confine(start.limits).open_layer) {
    const std::string message = "cannot isolate: " + std::string(open_layer) + "\n";
    (void)!write(2, message.data(), message.size());
    return sandbox::kExitNotConfined;
  }
  worker::use_large_pages();
  worker::take_memory(start.picture_bytes);
  parse(worker::read_request(), *fonts);
  _exit(0);  // nothing is left to be flushed, and the kernel frees faster than destructors
}
