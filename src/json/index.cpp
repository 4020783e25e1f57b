// SPDX-License-Identifier: Apache-2.0
#include "json/index.hpp"

#include <algorithm>
#include <cmath>

namespace cad::json {
namespace {

constexpr std::uint32_t kMost = 0xffff;  // what has no number of its own shares the last one

}  // namespace

void IndexBuilder::add(const Entity& entity, const Box2& box, std::size_t sheet,
                       std::uint64_t begin, std::uint64_t end) {
  IndexRecord record;
  record.offset = begin;
  record.length = static_cast<std::uint32_t>(end - begin);
  record.type = static_cast<std::uint16_t>(std::min(types_.number(entity), kMost));
  record.sheet = static_cast<std::uint16_t>(std::min<std::size_t>(sheet, kMost));
  record.layer = entity.layer.index;
  record.handle = static_cast<std::uint32_t>(entity.handle);
  const bool known = !box.empty();
  record.min_x = known ? box.min_x : NAN;
  record.min_y = known ? box.min_y : NAN;
  record.max_x = known ? box.max_x : NAN;
  record.max_y = known ? box.max_y : NAN;
  records_.push_back(record);
}

Result<void> IndexBuilder::write(const Drawing& drawing, std::size_t sheets, PartSink& out) const {
  std::string names;
  for (const Layer& layer : drawing.layers) names.append(layer.name.c_str()).push_back('\0');
  for (const std::string& type : types_.all()) names.append(type.c_str()).push_back('\0');
  IndexHeader header;
  header.layer_count = static_cast<std::uint32_t>(drawing.layers.size());
  header.type_count = static_cast<std::uint32_t>(types_.all().size());
  header.sheet_count = static_cast<std::uint32_t>(sheets);
  header.name_bytes = static_cast<std::uint32_t>(names.size());
  header.record_count = records_.size();
  names.resize((names.size() + 7) / 8 * 8);
  CAD_TRY(out.write(PartKind::index, 0, std::as_bytes(std::span(&header, 1))));
  CAD_TRY(out.write(PartKind::index, 0, std::as_bytes(std::span(names))));
  return out.write(PartKind::index, 0, std::as_bytes(std::span(records_)));
}

}  // namespace cad::json
