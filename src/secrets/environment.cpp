// SPDX-License-Identifier: Apache-2.0
#include "secrets/environment.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "base/unique_fd.hpp"
#include "disk/files.hpp"

namespace cad::secrets {
namespace {

constexpr std::size_t kMostBytes = 64 * 1024;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto last = text.find_last_not_of(kSpace);
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

// getenv() points into the strings that the kernel shows in /proc/<pid>/environ.
void wipe_variable(const char* name) {
  if (char* value = std::getenv(name)) {
    wipe_memory(std::as_writable_bytes(std::span(value, std::strlen(value))));
    ::unsetenv(name);
  }
}

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

Result<void> check_privacy(int fd, const std::string& source, Privacy privacy) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return disk::fail_errno("reading a secret");
  const bool bad =
      privacy == Privacy::owner_only ? (status.st_mode & 077) != 0 : (status.st_mode & 007) != 0;
  if (!bad) return {};
  return fail(ErrorCode::invalid_argument, source +
                                               " can be read by others: make it private (chmod " +
                                               (privacy == Privacy::owner_only ? "600" : "o-rwx") +
                                               "), and consider the secret in it known.");
}

bool looks_like_a_secret(std::string_view name) {
  if (!name.starts_with("CADLENS_") || name.ends_with("_FILE")) return false;
  for (const std::string_view word : {"KEY", "SECRET", "PASSWORD", "TOKEN"})
    if (name.find(word) != std::string_view::npos) return true;
  return false;
}

}  // namespace

Result<Given> take_from_environment(const std::string& name) {
  const std::string file_name = name + "_FILE";
  Given given;
  given.file = variable(file_name.c_str());
  const std::string_view text = trimmed(variable(name.c_str()));
  if (!text.empty()) given.text = Secret(std::as_bytes(std::span(text)));
  wipe_variable(name.c_str());
  if (given.text && !given.file.empty())
    return fail(ErrorCode::invalid_argument,
                name + " and " + file_name + " are both set; only one of them can be meant.");
  return given;
}

Result<std::optional<Secret>> secret_from_environment(const std::string& name) {
  CAD_ASSIGN(Given given, take_from_environment(name));
  if (given.file.empty()) return std::move(given.text);
  CAD_ASSIGN(Secret secret,
             read_secret_file(given.file, "The file in " + name + "_FILE", Privacy::not_everybody));
  return std::optional(std::move(secret));
}

Result<Secret> read_secret_file(const std::string& path, const std::string& source,
                                Privacy privacy) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd)
    return fail(errno == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                source + " (" + path + ") cannot be read.");
  CAD_TRY(check_privacy(fd.get(), source + " (" + path + ")", privacy));
  std::vector<std::byte> bytes(kMostBytes + 1);
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = ::read(fd.get(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorCode::io, source + " (" + path + ") cannot be read.");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  const std::string_view text = trimmed({reinterpret_cast<const char*>(bytes.data()), size});
  Secret secret{std::as_bytes(std::span(text))};
  wipe_memory(bytes);
  if (size > kMostBytes)
    return fail(ErrorCode::invalid_argument, source + " (" + path + ") is too long for a secret.");
  if (secret.empty())
    return fail(ErrorCode::invalid_argument, source + " (" + path + ") is empty.");
  return secret;
}

void wipe_secrets_in_environment() {
  std::vector<std::string> names;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view entry(*at);
    const std::string_view name = entry.substr(0, entry.find('='));
    if (looks_like_a_secret(name)) names.emplace_back(name);
  }
  for (const std::string& name : names) wipe_variable(name.c_str());
}

void harden_process() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace cad::secrets
