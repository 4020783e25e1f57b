// SPDX-License-Identifier: Apache-2.0
// The outer layer of a DWG file: what stands where, decrypted and decompressed. Three generations,
// one result: the data sections by name. Nothing here knows what is inside a section.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"
#include "formats/dwg/bytes.hpp"
#include "formats/dwg/version.hpp"

namespace cad::dwg {

enum class SectionId : std::uint8_t {
  header,       // AcDb:Header
  classes,      // AcDb:Classes
  object_map,   // AcDb:Handles
  objects,      // AcDb:AcDbObjects; R13 to R2000: the whole file, as object map offsets count there
  measurement,  // AcDb:Template
  summary_info,  // AcDb:SummaryInfo
  preview,       // AcDb:Preview
  app_info,      // AcDb:AppInfo
  data_storage,  // AcDb:AcDsPrototype_1b
  count_
};

// "AcDb:Header" of SectionId::header ...; empty for count_.
std::string_view name_of(SectionId id);
// And back; count_ for sections that nobody reads.
SectionId id_of(std::string_view name);

class Sections {
 public:
  // Empty where the file has no such section (or lost it).
  Bytes operator[](SectionId id) const { return views_[static_cast<std::size_t>(id)]; }
  // A part of the file itself, which outlives this.
  void set_view(SectionId id, Bytes bytes) { views_[static_cast<std::size_t>(id)] = bytes; }
  void set_owned(SectionId id, std::vector<std::byte> bytes) {
    auto& owned = owned_[static_cast<std::size_t>(id)];
    owned = std::move(bytes);
    set_view(id, owned);
  }
  Sections() = default;
  Sections(Sections&&) = default;  // a moved vector keeps its buffer, so the views stay right
  Sections& operator=(Sections&&) = default;
  Sections(const Sections&) = delete;
  Sections& operator=(const Sections&) = delete;

 private:
  static constexpr std::size_t kCount = static_cast<std::size_t>(SectionId::count_);
  std::array<Bytes, kCount> views_{};
  std::array<std::vector<std::byte>, kCount> owned_{};
};

struct ContainerContext {
  const Limits& limits;  // max_decompressed_bytes bounds all sections together
  Diagnostics& diagnostics;
};

// Each gives what is whole and reports the rest; an error only when nothing can be read
// (damaged_drawing) or the drawing has a password (encrypted_drawing).
Result<Sections> open_r13(Bytes file, const FileHead& head, const ContainerContext& context);
Result<Sections> open_r2004(Bytes file, const FileHead& head, const ContainerContext& context);
Result<Sections> open_r2007(Bytes file, const FileHead& head, const ContainerContext& context);

// By version.
Result<Sections> open_sections(Bytes file, const FileHead& head, const ContainerContext& context);

}  // namespace cad::dwg
