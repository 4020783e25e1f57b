// SPDX-License-Identifier: Apache-2.0
// The data directory: private, and used by one server at a time, or by the nodes of one cluster.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace cad::app {

class DataDir {
 public:
  enum class Use : std::uint8_t { alone, with_other_nodes };
  // Makes it (mode 0700) when missing. CONFLICT: another server uses it.
  static Result<DataDir> open(const std::string& path, Use use = Use::alone);
  ~DataDir();
  DataDir(DataDir&& other) noexcept;
  DataDir& operator=(DataDir&&) = delete;

  const std::string& path() const { return path_; }
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  DataDir(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_;
};

}  // namespace cad::app
