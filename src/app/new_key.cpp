// SPDX-License-Identifier: Apache-2.0
#include "app/new_key.hpp"

namespace cad::app {

Result<KeyFile> KeyFile::write(const std::string& path, const auth::NewKey& made) {
  if (path.empty()) return KeyFile();
  auto file = disk::NewFile::write(path, made.raw + "\n", disk::NewFile::Mode::owner_only);
  if (!file) return fail(file.error().code, "The key file " + path + ": " + file.error().message);
  KeyFile out;
  out.file_.emplace(std::move(*file));
  return out;
}

Result<void> KeyFile::hand_over() { return file_ ? file_->replace() : Result<void>(); }

}  // namespace cad::app
