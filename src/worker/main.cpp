// SPDX-License-Identifier: Apache-2.0
// cadlens-worker MEMORY_BYTES CPU_SECONDS: one drawing, in a process of its own; cadlens-worker
// --self-test: which walls stand on this system. Started by the
// service (sandbox/worker_client.hpp); docs/worker-protocol.md says what goes over its descriptors.
#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <new>

#include "formats/format.hpp"
#include "pipeline/parse.hpp"
#include "render/huge_pages.hpp"
#include "text/fonts.hpp"
#include "worker/channel.hpp"
#include "worker/confine.hpp"
#include "worker/own_memory.hpp"

namespace {

using namespace cad;

bool read_number(const char* text, std::uint64_t& number) {
  const char* end = text + std::strlen(text);
  const auto [stopped, error] = std::from_chars(text, end, number);
  return error == std::errc() && stopped == end && number > 0;
}

std::string_view name_of(FormatId id) {
  for (const Format& format : formats()) {
    if (format.id == id) return format.name;
  }
  return "";
}

void parse(const worker::Request& request, text::FontLibrary& fonts,
           const worker::OwnMemory& memory) {
  worker::FrameWriter frames;
  ParseOptions options;
  options.file_name = request.file_name;
  options.limits.max_entities = request.max_entities;
  options.image_px = request.image_px;
  options.png = request.image_px > 0;
  options.progress = [&frames, last = -1](std::string_view phase, int percent) mutable {
    if (percent > last) frames.progress(phase, last = percent);
  };
  const auto outcome = parse_to_parts(request.drawing, options, fonts, frames);
  if (!outcome) return frames.error(outcome.error());

  sandbox::DoneHeader done;
  done.entities = outcome->entities;
  done.sheets = outcome->sheets;
  done.truncated = outcome->truncated ? 1 : 0;
  done.peak_memory_bytes = memory.peak_bytes();
  frames.done(done, name_of(outcome->format), outcome->version);
}

// The picture of each sheet takes megabytes: they are kept for the next one, not given back to the
// system and taken again page by page. That is a third of the time of a drawing with four sheets.
void keep_memory() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 16 << 20);
}

// What a preview needs is taken from the system now, while nobody waits for it.
void take_memory() {
  constexpr std::size_t kPreview = 4 * 2048 * 1448;  // bytes of a sheet of paper's, by default
  render::HugePages<char> pages;
  char* const memory = pages.allocate(kPreview);
  for (std::size_t i = 0; i < kPreview; i += 4096) static_cast<volatile char*>(memory)[i] = 0;
  pages.deallocate(memory, kPreview);
}

}  // namespace

int main(int count, char** arguments) {
  keep_memory();
  signal(SIGPIPE, SIG_IGN);  // a parent that no longer listens is seen by the write itself
  std::set_new_handler([] { _exit(sandbox::kExitOutOfMemory); });
  close_range(3, ~0u, 0);
  if (count == 2 && std::string_view(arguments[1]) == "--self-test") _exit(worker::self_test());
  worker::Confinement limits;
  if (count != 3 || !read_number(arguments[1], limits.memory_bytes) ||
      !read_number(arguments[2], limits.cpu_seconds)) {
    return sandbox::kExitBadRequest;
  }
  // Whatever has to be opened is opened before the walls close.
  const auto fonts = text::FontLibrary::open_system_fonts();
  const worker::OwnMemory memory;
  if (const char* open_layer = worker::confine(limits).open_layer) {
    const std::string message = "cannot isolate: " + std::string(open_layer) + "\n";
    (void)!write(2, message.data(), message.size());
    return sandbox::kExitNotConfined;
  }
  take_memory();
  parse(worker::read_request(), *fonts, memory);
  _exit(0);  // nothing is left to be flushed, and the kernel frees faster than destructors
}
