// SPDX-License-Identifier: Apache-2.0
// Indents the compact JSON of one part on its way to another sink; other parts pass untouched.
#pragma once

#include <string>

#include "base/parts.hpp"

namespace cad::json {

class PrettySink : public PartSink {
 public:
  explicit PrettySink(PartSink& next) : next_(next) {}
  Result<void> write(PartKind kind, std::uint32_t number,
                     std::span<const std::byte> bytes) override;

 private:
  void put(char c);
  void new_line();

  PartSink& next_;
  std::string out_;
  std::size_t depth_ = 0;
  bool in_string_ = false, escaped_ = false;
  bool just_opened_ = false;
};

}  // namespace cad::json
