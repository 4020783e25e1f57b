// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "render/artefact_format.hpp"

namespace cad::render::clsc {

// Header, section table, sections: appended one by one at the offsets the table states.
class FileWriter {
 public:
  explicit FileWriter(Header header) : header_(header) {
    header_.section_count = kSectionCount;
    out_.resize(sizeof(header_) + sizeof(table_));
  }
  template <class T>
  void section(SectionId id, const std::vector<T>& records) {
    begin(id);
    append(records.data(), records.size() * sizeof(T));
    end(id);
  }
  void begin(SectionId id) {
    out_.resize((out_.size() + 7) / 8 * 8);
    table_[id] = {kSections[id].tag, kSections[id].record_bytes, out_.size(), 0};
  }
  void append(const void* data, std::size_t bytes) {
    const auto* from = static_cast<const std::uint8_t*>(data);
    out_.insert(out_.end(), from, from + bytes);
  }
  void end(SectionId id) { table_[id].bytes = out_.size() - table_[id].offset; }
  void reserve(std::size_t bytes) { out_.reserve(out_.size() + bytes); }
  std::vector<std::uint8_t> finish() {
    header_.file_bytes = out_.size();
    std::memcpy(out_.data(), &header_, sizeof(header_));
    std::memcpy(out_.data() + sizeof(header_), table_.data(), sizeof(table_));
    return std::move(out_);
  }

 private:
  Header header_;
  std::array<Section, kSectionCount> table_{};
  std::vector<std::uint8_t> out_;
};

}  // namespace cad::render::clsc
