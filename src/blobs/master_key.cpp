// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>

#include "blobs/blob_store.hpp"
#include "blobs/files.hpp"
#include "crypto/bytes.hpp"

namespace cad::blobs {
namespace {

// `source` names where the text came from; the text itself never enters a message.
Result<MasterKey> parse_key(std::string_view text, const std::string& source) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  auto bytes = crypto::from_hex(text);
  if (!bytes || bytes->size() != 32) {
    return fail(ErrorCode::invalid_argument,
                source +
                    " must hold 64 hexadecimal digits (for example from `openssl rand -hex "
                    "32`), and nothing else.");
  }
  MasterKey key;
  std::copy(bytes->begin(), bytes->end(), key.bytes.begin());
  crypto::wipe(std::as_writable_bytes(std::span(*bytes)));
  return key;
}

Result<MasterKey> read_key_file(const std::string& path, const std::string& source,
                                bool must_be_private) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd) {
    return fail(errno == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                source + " (" + path + ") cannot be read.");
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fail_errno("reading the master key");
  if (must_be_private && (status.st_mode & 077) != 0) {
    return fail(ErrorCode::invalid_argument,
                "The master key " + path +
                    " can be read by others: chmod 600 it, and consider a "
                    "new one.");
  }
  char text[80];
  CAD_ASSIGN(const std::size_t size, read_at(fd.get(), 0, text, sizeof text));
  auto key = parse_key({text, size}, source);
  crypto::wipe(std::as_writable_bytes(std::span(text)));
  return key;
}

// Makes the file unless another process was faster: link() never replaces, so all agree on one key.
Result<void> generate_key_file(const std::string& dir, const std::string& path) {
  CAD_TRY(make_dirs(dir));
  const std::string temp = path + "." + crypto::random_hex(8);
  UniqueFd fd(::open(temp.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return fail_errno("making the master key");
  std::string text = crypto::random_hex(32) + "\n";
  auto written = write_all(fd.get(), text.data(), text.size());
  crypto::wipe(std::as_writable_bytes(std::span(text)));
  if (written && ::fsync(fd.get()) != 0) written = fail_errno("making the master key");
  if (written && ::link(temp.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    written = fail_errno("making the master key");
  }
  ::unlink(temp.c_str());
  CAD_TRY(written);
  return sync_dir(dir);
}

}  // namespace

Result<MasterKey> load_master_key(const std::string& dir) {
  const char* text = std::getenv("CADLENS_MASTER_KEY");
  const char* file = std::getenv("CADLENS_MASTER_KEY_FILE");
  if (text != nullptr && *text != '\0') return parse_key(text, "CADLENS_MASTER_KEY");
  if (file != nullptr && *file != '\0') {
    return read_key_file(file, "CADLENS_MASTER_KEY_FILE", false);
  }
  const std::string path = dir + "/master.key";
  auto key = read_key_file(path, "The master key", true);
  if (key || key.error().code != ErrorCode::not_found) return key;
  CAD_TRY(generate_key_file(dir, path));
  return read_key_file(path, "The master key", true);
}

}  // namespace cad::blobs
