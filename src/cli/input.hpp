// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "formats/format.hpp"

namespace cad::cli {

// A drawing's bytes: a mapped file, or what stdin ("-") or a pipe delivered.
class Input {
 public:
  static Result<Input> open(const std::string& path, std::uint64_t max_bytes);
  Input(Input&& other) noexcept;
  Input& operator=(Input&&) = delete;
  ~Input();

  Bytes bytes() const { return bytes_; }
  const std::string& name() const { return name_; }  // without folders; "stdin"

 private:
  Input() = default;
  Bytes bytes_;
  std::vector<std::byte> storage_;
  void* mapped_ = nullptr;
  std::string name_;
};

}  // namespace cad::cli
