// SPDX-License-Identifier: Apache-2.0
// Objects that a test assembles by hand, read without a container.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "formats/dwg/census.hpp"
#include "formats/dwg/testing/object_writer.hpp"

namespace cad::dwg::testing {

// What reads them, and lives as long as the result is looked at.
struct ObjectReading {
  ObjectReading(Version version, std::vector<std::byte> objects,
                const std::vector<std::uint64_t>& offsets, std::vector<ClassInfo> classes,
                const Limits& most = {});
  // One entity by its handle, with its common part and its audit.
  Entity entity(Handle handle);
  // Calls the object's reader.
  void object(Handle handle);
  bool says(std::string_view code) const;

  Limits limits;
  Diagnostics diagnostics;
  Sections sections;
  ReadContext context{limits, diagnostics};
  Audit audit;
  Loader loader;
};

class ObjectSet {
 public:
  explicit ObjectSet(Version version) : version_(version) {}
  Limits limits;

  // What objects that are no entities begin with (ODA 20.1).
  ObjectWriter object(Handle owner = 0) const;
  ObjectWriter entity() const;

  void add(std::uint16_t type, Handle handle, const ObjectWriter& object);
  void add(std::string_view class_name, Handle handle, const ObjectWriter& object);
  std::unique_ptr<ObjectReading> read() const;

 private:
  Version version_;
  std::vector<std::byte> objects_;
  std::vector<std::uint64_t> offsets_;
  std::vector<std::string_view> classes_;
};

}  // namespace cad::dwg::testing
