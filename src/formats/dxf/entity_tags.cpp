// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/entity_tags.hpp"

#include <algorithm>

#include "formats/dxf/loader.hpp"

namespace cad::dxf {

std::int16_t lineweight_of(std::int64_t group_370) {
  switch (group_370) {
    case -1: return kLineweightByLayer;
    case -2: return kLineweightByBlock;
    case -3: return kLineweightDefault;
    default: return static_cast<std::int16_t>(std::clamp<std::int64_t>(group_370, 0, 1000));
  }
}

EntityTags::EntityTags(TagCursor& tags, Loader& loader, Entity& entity, std::string_view type,
                       std::uint8_t traits)
    : tags_(tags), loader_(loader), entity_(entity), type_(type), traits_(traits) {}

std::string EntityTags::text() { return loader_.decode(tags_.raw()); }
std::string EntityTags::decode(std::string_view raw) { return loader_.decode(raw); }
const Limits& EntityTags::limits() const { return loader_.limits(); }
Names& EntityTags::names() { return loader_.names(); }
Extra& EntityTags::extra() { return loader_.extra_of(entity_.extra); }

void EntityTags::warn(std::string_view code, std::string_view message) {
  loader_.warn(code, type_, message);
}

bool EntityTags::room_for_vertex(std::size_t have) { return loader_.room_for_vertex(have, type_); }

const std::vector<XdataApp>& EntityTags::xdata() const {
  static const std::vector<XdataApp> kNothing;
  return entity_.extra.valid() ? loader_.drawing().at(entity_.extra).xdata : kNothing;
}

const XdataApp* EntityTags::xdata(std::string_view app) const {
  for (const XdataApp& block : xdata())
    if (block.app == app) return &block;
  return nullptr;
}

EntityTags::Taken EntityTags::take_common(int code) {
  if (code == 0) {
    tags_.push_back();
    return Taken::end;
  }
  if (code >= 1000) {
    take_xdata(code);
    return Taken::yes;
  }
  if (code < 0) return Taken::yes;
  if (embedded_) return Taken::no;
  switch (code) {
    case 5:
      if (entity_.handle == 0) entity_.handle = tags_.handle();
      return Taken::yes;
    case 8: entity_.layer = loader_.layer(tags_.raw()); return Taken::yes;
    case 39: entity_.thickness = tags_.number(); return Taken::yes;
    case 100:
      subclass_ = tags_.word();
      in_common_part_ = subclass_ == "AcDbEntity";
      return Taken::yes;
    case 101:
      subclass_ = "Embedded Object";
      embedded_ = true;
      return Taken::yes;
    case 102: take_group(); return Taken::yes;
    case 210: entity_.normal.x = tags_.number(); return Taken::yes;
    case 220: entity_.normal.y = tags_.number(); return Taken::yes;
    case 230: entity_.normal.z = tags_.number(); return Taken::yes;
    default: return take_graphic(code);
  }
}

// Groups that are common in the common part only; programs that put them behind it are understood
// where the type has no meaning of its own for them.
EntityTags::Taken EntityTags::take_graphic(int code) {
  if (!in_common_part_ && (traits_ & kOwnCodes) != 0) return Taken::no;
  switch (code) {
    case 6: entity_.linetype = loader_.names().linetype(loader_.decode(tags_.raw())); break;
    case 48: entity_.linetype_scale = static_cast<float>(tags_.number()); break;
    case 60: entity_.visible = tags_.integer() == 0; break;
    case 62:
    case 420: take_color(tags_.integer()); break;
    case 67: entity_.paper_space = tags_.flag(); break;
    case 370: entity_.lineweight = lineweight_of(tags_.integer()); break;
    case 440: {
      const auto value = static_cast<std::uint64_t>(tags_.integer());
      if ((value & kTransparencyIsAlpha) != 0)
        entity_.transparency = {Transparency::Kind::value, static_cast<std::uint8_t>(value & 0xFF)};
      else if ((value & 0x01000000) != 0)
        entity_.transparency = {Transparency::Kind::by_block, 255};
      break;
    }
    case 430: break;
    case 410:
      if (!in_common_part_) return Taken::no;
      layout_name_ = tags_.raw();
      break;
    case 330:
      if (!in_common_part_) return Taken::no;
      owner_ = tags_.handle();
      break;
    case 92:
    case 160:
    case 310:
      if (subclass_ != "AcDbEntity" || (traits_ & kKeepsGraphics) != 0) return Taken::no;
      break;
    default: return subclass_ == "AcDbEntity" ? Taken::yes : Taken::no;
  }
  return Taken::yes;
}

void EntityTags::take_color(std::int64_t value) {
  Color& color = entity_.color;
  if (tags_.code() == 420) {
    const auto rgb = static_cast<std::uint32_t>(value);
    color.kind = Color::Kind::rgb;
    color.rgb = {static_cast<std::uint8_t>(rgb >> 16), static_cast<std::uint8_t>(rgb >> 8),
                 static_cast<std::uint8_t>(rgb)};
    has_rgb_ = true;
    return;
  }
  if (value < 0) value = -value;
  if (value >= 1 && value <= 255) {
    color.index = static_cast<std::uint8_t>(value);
    if (!has_rgb_) color.kind = Color::Kind::index;
  } else if (!has_rgb_) {
    color.kind = value == 0 ? Color::Kind::by_block : Color::Kind::by_layer;
    if (value != 0 && value != 256 && value != 257)
      warn("DXF_BAD_COLOR", "A color number is none of 0 to 256; taken as BYLAYER.");
  }
}

// {ACAD_REACTORS, {ACAD_XDICTIONARY and applications' own groups, up to the closing brace.
void EntityTags::take_group() {
  const bool dictionary = tags_.word() == "{ACAD_XDICTIONARY";
  if (!tags_.word().starts_with('{')) return;
  while (tags_.next()) {
    const int code = tags_.code();
    if (code == 102) return;
    if (code == 0 || code == 100 || code >= 1000) {
      warn("DXF_OPEN_GROUP", "A group opened with { has no end.");
      tags_.push_back();
      return;
    }
    if (dictionary && code == 360) {
      const Handle h = tags_.handle();
      extra();
      loader_.pending_extensions().push_back({entity_.extra, h, {}});
    }
  }
}

namespace {

std::size_t cost(const XdataItem& item) {
  const auto* text = std::get_if<std::string>(&item.value);
  return sizeof(XdataItem) + (text != nullptr ? text->size() : 0);
}

}  // namespace

void EntityTags::take_xdata(int code) {
  if (code == 1001) {
    std::string app = loader_.decode(tags_.raw());
    keeps_xdata_ = loader_.room_for_xdata(sizeof(XdataApp) + app.size());
    if (keeps_xdata_) extra().xdata.push_back({std::move(app), {}});
    return;
  }
  if (!keeps_xdata_) return;
  auto& items = extra().xdata.back().items;
  XdataItem item{static_cast<std::int16_t>(code), {}};
  if (code < 1010) {
    item.value = loader_.decode(tags_.raw());
    if (code == 1004) {
      std::string bytes;
      tags_.append_binary(bytes);
      static constexpr char kDigits[] = "0123456789ABCDEF";
      std::string hex;
      for (const char c : bytes) {
        hex.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
        hex.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
      }
      item.value = std::move(hex);
    }
  } else if (code < 1014) {
    item.value = Vec3{tags_.real(), 0, 0};
  } else if (code >= 1020 && code < 1034) {
    if (items.empty()) return;
    if (auto* point = std::get_if<Vec3>(&items.back().value))
      (code < 1024 ? point->y : point->z) = tags_.real();
    return;
  } else if (code < 1060) {
    item.value = tags_.real();
  } else {
    item.value = tags_.integer();
  }
  if (loader_.room_for_xdata(cost(item))) items.push_back(std::move(item));
}

}  // namespace cad::dxf
