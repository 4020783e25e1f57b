// SPDX-License-Identifier: Apache-2.0
#include "json/extras.hpp"

#include <algorithm>
#include <span>

namespace cad::json {
namespace {

const Extra* extra_of(const Drawing& drawing, const Entity& entity) {
  if (entity.extra.index >= drawing.extras.size()) return nullptr;
  const Extra& extra = drawing.at(entity.extra);
  return extra.xdata.empty() && extra.extension.empty() ? nullptr : &extra;
}

// The name under which users know the dynamic block that an anonymous one stands for.
std::string_view dynamic_name(const Drawing& drawing, const Entity& entity) {
  const auto* insert = std::get_if<Indirect<Insert>>(&entity.geometry);
  if (insert == nullptr || !(*insert)->block.valid()) return {};
  return drawing.at((*insert)->block).dynamic_name;
}

// Items of equal name become neighbors, in the order they were stored: a JSON object must not
// repeat a key. Sorted by name.
template <class T, class Name>
std::vector<const T*> grouped(const std::vector<T>& items, Name name) {
  std::vector<const T*> out;
  out.reserve(items.size());
  for (const T& item : items) out.push_back(&item);
  std::stable_sort(out.begin(), out.end(),
                   [&](const T* a, const T* b) { return name(*a) < name(*b); });
  return out;
}

// Calls f with each run of equally named items.
template <class T, class Name, class F>
void for_each_group(const std::vector<const T*>& sorted, Name name, F f) {
  for (std::size_t begin = 0, end = 0; begin < sorted.size(); begin = end) {
    while (end < sorted.size() && name(*sorted[end]) == name(*sorted[begin])) ++end;
    f(std::span(sorted).subspan(begin, end - begin));
  }
}

void write_value(Writer& w, const std::string& value) { w.text(value); }
void write_value(Writer& w, double value) { w.number(value); }
void write_value(Writer& w, std::int64_t value) { w.integer(value); }
void write_value(Writer& w, const Vec3& value) { write_point(w, value); }

void write_xdata(Writer& w, const std::vector<XdataApp>& apps) {
  const auto name = [](const XdataApp& a) -> const std::string& { return a.app; };
  w.begin_object();
  for_each_group(grouped(apps, name), name, [&](std::span<const XdataApp* const> group) {
    w.key_text(group.front()->app);
    w.begin_array();
    for (const XdataApp* app : group)
      for (const XdataItem& item : app->items) {
        w.begin_object();
        w.key("code");
        w.integer(item.code);
        w.key("value");
        std::visit([&](const auto& v) { write_value(w, v); }, item.value);
        w.end_object();
      }
    w.end_array();
  });
  w.end_object();
}

void write_extension(Writer& w, const Extra* extra, std::string_view dynamic) {
  w.begin_object();
  if (!dynamic.empty()) w.field("dynamicBlockName", dynamic);
  if (extra != nullptr) {
    const auto key = [](const ExtensionValue& v) -> const std::string& { return v.key; };
    for_each_group(grouped(extra->extension, key), key, [&](auto group) {
      if (!dynamic.empty() && group.front()->key == "dynamicBlockName") return;
      w.key_text(group.front()->key);
      if (group.size() == 1) return w.text(group.front()->value);
      w.begin_array();
      for (const ExtensionValue* value : group) w.text(value->value);
      w.end_array();
    });
  }
  w.end_object();
}

}  // namespace

bool has_extra(const Drawing& drawing, const Entity& entity) {
  return extra_of(drawing, entity) != nullptr || !dynamic_name(drawing, entity).empty();
}

void write_extra(Writer& w, const Drawing& drawing, const Entity& entity) {
  const Extra* extra = extra_of(drawing, entity);
  const std::string_view dynamic = dynamic_name(drawing, entity);
  if (extra != nullptr && !extra->xdata.empty()) {
    w.key("xdata");
    write_xdata(w, extra->xdata);
  }
  if (!dynamic.empty() || (extra != nullptr && !extra->extension.empty())) {
    w.key("extension");
    write_extension(w, extra, dynamic);
  }
}

}  // namespace cad::json
