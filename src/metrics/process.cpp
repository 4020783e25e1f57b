// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>

#include "metrics/metrics.hpp"

namespace cad::metrics {
namespace {

double resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  unsigned long all = 0, resident = 0;
  const int got = std::fscanf(file, "%lu %lu", &all, &resident);
  std::fclose(file);
  return got == 2 ? static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE))
                  : 0;
}

double open_descriptors() {
  DIR* folder = ::opendir("/proc/self/fd");
  if (folder == nullptr) return 0;
  int count = -3;  // ".", ".." and the folder itself
  while (::readdir(folder) != nullptr) ++count;
  ::closedir(folder);
  return count;
}

double cpu_seconds() {
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) != 0) return 0;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double most_descriptors() {
  rlimit files{};
  return ::getrlimit(RLIMIT_NOFILE, &files) == 0 ? static_cast<double>(files.rlim_cur) : 0;
}

}  // namespace

void add_process_metrics(Registry& registry, const std::string& version) {
  registry.gauge("cadlens_build_info", "1; which build this is.", {{"version", version}}).set(1);
  registry.gauge("process_start_time_seconds", "Unix time at which this process began to serve.")
      .set(static_cast<double>(std::time(nullptr)));
  registry.gauge("process_max_fds", "Descriptors that may be open.").set(most_descriptors());
  const Gauge memory = registry.gauge("process_resident_memory_bytes", "Resident memory.");
  const Gauge files = registry.gauge("process_open_fds", "Open descriptors.");
  const Counter cpu =
      registry.counter("process_cpu_seconds_total", "Processor time of this process.");
  registry.on_collect([memory, files, cpu, before = 0.0]() mutable {
    memory.set(resident_bytes());
    files.set(open_descriptors());
    const double now = cpu_seconds();
    cpu.add(now - before);
    before = now;
  });
}

}  // namespace cad::metrics
