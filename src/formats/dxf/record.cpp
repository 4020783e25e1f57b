// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/record.hpp"

#include <algorithm>
#include <limits>

namespace cad::dxf {

Record::Record(Loader& loader, int handle_code)
    : loader_(loader), tags_(loader.tags()), handle_code_(handle_code), type_(tags_.word()) {}

std::int16_t Record::integer16() {
  using Range = std::numeric_limits<std::int16_t>;
  return static_cast<std::int16_t>(
      std::clamp<std::int64_t>(tags_.integer(), Range::min(), Range::max()));
}

bool Record::next() {
  while (tags_.next()) {
    const int code = tags_.code();
    if (code == 0) {
      tags_.push_back();
      return false;
    }
    if (code == 1001) {
      app_ = tags_.word();
      continue;
    }
    if (code >= 1000) {
      if (app_.empty()) continue;
      return true;
    }
    if (code == 100) {
      subclass_ = tags_.word();
    } else if (code == 102) {
      take_group();
    } else if (code == handle_code_ && handle_ == 0) {
      handle_ = tags_.handle();
    } else if (code == 330 && subclass_.empty() && owner_ == 0) {
      owner_ = tags_.handle();
    } else {
      app_ = {};
      return true;
    }
  }
  return false;
}

void Record::take_group() {
  if (!tags_.word().starts_with('{')) return;
  const bool dictionary = tags_.word() == "{ACAD_XDICTIONARY";
  while (tags_.next()) {
    const int code = tags_.code();
    if (code == 102) return;
    if (code == 0 || code == 100 || code >= 1000) {
      loader_.warn("DXF_OPEN_GROUP", type_, "A group opened with { has no end.");
      tags_.push_back();
      return;
    }
    if (dictionary && code == 360) dictionary_ = tags_.handle();
  }
}

}  // namespace cad::dxf
