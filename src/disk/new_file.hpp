// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cad::disk {

// What a secret file is to hold, durable beside it until it is put in its place: whatever goes
// wrong before that leaves the old file as it was.
class NewFile {
 public:
  enum class Mode { as_before, owner_only };  // as_before: 0600 where there was none

  // Belongs to whom the old file belongs: who replaces it as root must not lock the service out.
  static Result<NewFile> write(const std::string& path, std::string_view text, Mode mode);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();

  Result<void> replace();
  // Unless another process was faster: its file then stays, and that is no error.
  Result<void> put_if_absent();

 private:
  NewFile(std::string path, std::string beside)
      : path_(std::move(path)), beside_(std::move(beside)) {}
  std::string path_, beside_;  // beside_ empty: in its place
};

}  // namespace cad::disk
