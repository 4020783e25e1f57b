// SPDX-License-Identifier: Apache-2.0
#include "blobs/rewrap.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "blobs/envelope.hpp"
#include "blobs/local_layout.hpp"
#include "disk/files.hpp"

namespace cad::blobs {
namespace {

Result<bool> rewrap_one(const std::string& dir, const secrets::KeyRing& masters, const Key& key) {
  auto file = open_stored_form(dir, key, true);
  if (!file && file.error().code == ErrorCode::not_found) return false;  // removed meanwhile
  if (!file) return tl::unexpected(std::move(file.error()));
  Header header{};
  CAD_ASSIGN(const std::size_t got, disk::read_at(file->get(), 0, header.data(), header.size()));
  if (got != header.size()) return fail(ErrorCode::integrity, "A stored object has been cut off.");
  CAD_ASSIGN(const bool changed, rewrap(masters, key, header));
  if (!changed) return false;
  const ssize_t written = ::pwrite(file->get(), header.data(), header.size(), 0);
  if (written != static_cast<ssize_t>(header.size()))
    return disk::fail_errno("wrapping an object's key");
  return true;
}

Result<void> make_durable(const std::string& dir) {
  UniqueFd fd(::open(objects_folder(dir).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::syncfs(fd.get()) != 0) return disk::fail_errno("making objects durable");
  return {};
}

void count_header(int fd, KeyUse& use) {
  Header header{};
  const auto got = disk::read_at(fd, 0, header.data(), header.size());
  if (!got || *got < header.size()) {
    ++use.undecided;
    return;
  }
  ++use.objects[secrets::id_text(master_id_of(header))];
}

}  // namespace

Result<KeyUse> count_half_written(const std::string& dir) {
  KeyUse use;
  std::error_code error;
  std::filesystem::directory_iterator at(temps_folder(dir), error);
  if (error == std::errc::no_such_file_or_directory) return use;
  for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    const UniqueFd fd(::open(at->path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (fd) count_header(fd.get(), use);
  }
  if (error) return fail(ErrorCode::io, "The storage failed while listing objects.");
  return use;
}

Result<void> count_written(const std::string& dir, const std::vector<Aged>& objects, KeyUse& use) {
  for (const auto& [key, modified] : objects) {
    const auto file = open_stored_form(dir, key, false);
    if (file) {
      count_header(file->get(), use);
    } else if (file.error().code != ErrorCode::not_found) {
      return tl::unexpected(file.error());
    }
  }
  return {};
}

Result<Rewrapped> rewrap_objects(const std::string& dir, const std::vector<Aged>& objects,
                                 const secrets::KeyRing& masters,
                                 const std::function<bool(std::size_t)>& go_on) {
  Rewrapped done;
  for (const auto& [key, modified] : objects) {
    if (go_on && !go_on(done.objects))
      return fail(ErrorCode::conflict, "The rotation was stopped; run it again to finish it.");
    auto changed = rewrap_one(dir, masters, key);
    if (!changed)
      return fail(changed.error().code, "Object " + key + ": " + changed.error().message);
    ++done.objects;
    done.changed += *changed;
  }
  CAD_TRY(make_durable(dir));
  return done;
}

}  // namespace cad::blobs
