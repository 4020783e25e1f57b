// SPDX-License-Identifier: Apache-2.0
#include "json/ids.hpp"

#include <algorithm>
#include <vector>

namespace cad::json {
namespace {

void collect(const std::vector<Entity>& entities, std::vector<Handle>& out) {
  for (const Entity& entity : entities) {
    if (entity.handle != 0) out.push_back(entity.handle);
    if (const auto* insert = std::get_if<Indirect<Insert>>(&entity.geometry))
      collect((*insert)->attributes, out);
  }
}

}  // namespace

IdPlan::IdPlan(const Drawing& drawing) {
  std::vector<Handle> handles;
  for (const Block& block : drawing.blocks) collect(block.entities, handles);
  if (!std::is_sorted(handles.begin(), handles.end())) std::sort(handles.begin(), handles.end());
  for (std::size_t i = 1; i < handles.size(); ++i)
    if (handles[i] == handles[i - 1]) repeated_.emplace(handles[i], 0);
}

void IdPlan::write(Writer& w, Handle handle, char place, std::uint32_t number,
                   std::uint64_t running) {
  char text[2 * kNumberBytes + 4];
  char* end = text;
  if (handle == 0) {
    *end++ = place;
    end = print_integer(end, number);
    *end++ = '-';
    end = print_integer(end, static_cast<std::int64_t>(running));
    return w.plain_text({text, static_cast<std::size_t>(end - text)});
  }
  if (repeated_.empty()) return w.hex(handle);
  const auto repeat = repeated_.find(handle);
  if (repeat == repeated_.end() || ++repeat->second == 1) return w.hex(handle);
  end = print_hex(end, handle);
  *end++ = '~';
  end = print_integer(end, repeat->second);
  w.plain_text({text, static_cast<std::size_t>(end - text)});
}

}  // namespace cad::json
