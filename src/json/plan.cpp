// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>

#include "json/write.hpp"

namespace cad::json {
namespace {

// "M 2" -> "m-2". Empty when no letter or digit of ASCII is left.
std::string slug(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      out += upper ? static_cast<char>(c - 'A' + 'a') : c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

class Keys {
 public:
  std::string make(std::string_view name) {
    std::string base = slug(name);
    if (base.empty()) base = "sheet";
    std::string key = base;
    for (std::uint32_t& n = met_[base]; !used_.insert(key).second;)
      key = base + "-" + std::to_string(++n + 1);
    return key;
  }

 private:
  std::set<std::string> used_;
  std::map<std::string, std::uint32_t> met_;
};

// The viewport that shows the paper sheet itself, not the model.
bool is_own_viewport(const Entity& entity) {
  const auto* viewport = std::get_if<Indirect<Viewport>>(&entity.geometry);
  return viewport != nullptr && (*viewport)->id == 1;
}

bool has_content(const Drawing& drawing, const Layout& layout) {
  if (!layout.block.valid()) return false;
  for (const Entity& entity : drawing.at(layout.block).entities)
    if (!is_own_viewport(entity)) return true;
  return false;
}

}  // namespace

std::vector<SheetFacts> plan_sheets(const Drawing& drawing) {
  std::vector<SheetFacts> sheets;
  Keys keys;
  for (std::uint32_t i = 0; i < drawing.layouts.size(); ++i) {
    const Layout& layout = drawing.layouts[i];
    if (!layout.is_model && !has_content(drawing, layout)) continue;
    SheetFacts sheet;
    sheet.layout = i;
    sheet.key = keys.make(layout.name);
    sheets.push_back(std::move(sheet));
  }
  return sheets;
}

}  // namespace cad::json
