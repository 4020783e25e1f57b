// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/entity_in.hpp"

#include <array>

#include "formats/dwg/xdata.hpp"

namespace cad::dwg {

std::int16_t lineweight_of(std::uint8_t byte) {
  static constexpr std::array<std::int16_t, 24> kWeights{0,  5,   9,   13,  15,  18,  20,  25,
                                                         30, 35,  40,  50,  53,  60,  70,  80,
                                                         90, 100, 106, 120, 140, 158, 200, 211};
  if (byte < kWeights.size()) return kWeights[byte];
  if (byte == 28 || byte == 29) return kLineweightByLayer;
  return byte == 30 ? kLineweightByBlock : kLineweightDefault;
}

// ENC from 2004 on (ODA 2.11); before, an index. With a color book only its reference follows.
void EntityIn::read_entity_color() {
  const std::uint16_t flags = ubs();
  if (!from(Version::r2004)) {
    entity_.color = color_of_index(static_cast<std::int16_t>(flags));
    return;
  }
  const std::int32_t index = flags & 0x1ff;
  entity_.color = color_of_index(index);
  has_book_color_ = (flags & 0x4000) != 0;
  if ((flags & 0x8000) != 0 && !has_book_color_) {
    const Color packed = color_of_packed(ubl());
    entity_.color = packed;
    if (packed.kind == Color::Kind::rgb && index >= 1 && index <= 255)
      entity_.color.index = static_cast<std::uint8_t>(index);
  }
  if ((flags & 0x2000) == 0) return;
  const std::uint32_t alpha = ubl();
  if (alpha >> 24 == 1) entity_.transparency.kind = Transparency::Kind::by_block;
  if ((alpha & 0x2000000) != 0)
    entity_.transparency = {Transparency::Kind::value, static_cast<std::uint8_t>(alpha)};
}

void EntityIn::read_links(std::uint32_t reactors, bool no_dictionary, bool no_links) {
  if (links_.mode == 0) links_.owner = handle();
  const std::size_t believed = handles().count(reactors, 8);
  for (std::size_t i = 0; i < believed; ++i) handle();
  if (!no_dictionary) links_.extension_dictionary = handle();
  if (!from(Version::r2000)) {
    entity_.layer = loader().layer(handle());
    if (!is_bylayer_linetype_) entity_.linetype = loader().linetype(handle());
  }
  if (!from(Version::r2004)) {
    links_.next = self() + 1;
    if (!no_links) {
      handle();
      links_.next = handle();
    }
  }
  if (has_book_color_) {
    const auto& colors = loader().book_colors();
    const Color stated = entity_.color;
    if (const auto it = colors.find(handle()); it != colors.end()) entity_.color = it->second;
    if (stated.kind == Color::Kind::index) entity_.color.index = stated.index;
  }
  if (from(Version::r2000)) entity_.layer = loader().layer(handle());
}

void EntityIn::read_head() {
  read_eed();
  if (b()) {
    links_.graphics_bytes = from(Version::r2010) ? bll() : rl();
    links_.graphics_bit = position();
    if (links_.graphics_bytes > bits_left() / 8) fail();
    if (ok()) skip(links_.graphics_bytes * 8);
  }
  if (!from(Version::r2000)) set_handle_start(rl());
  read_from_mode();
  entity_.handle = self();
  if (!entity_.layer.valid()) entity_.layer = loader().default_layer();
}

void EntityIn::skip_embedded_head() {
  const Entity kept = entity_;
  const EntityLinks kept_links = links_;
  read_from_mode();
  entity_ = kept;
  links_ = kept_links;
}

void EntityIn::read_from_mode() {
  links_.mode = static_cast<std::uint8_t>(bb());
  const std::uint32_t reactors = ubl();
  const bool no_dictionary = from(Version::r2004) && b();
  if (from(Version::r2013)) links_.has_data_store = b();
  if (!from(Version::r2000)) is_bylayer_linetype_ = b();
  const bool no_links = from(Version::r2004) || b();
  read_entity_color();
  entity_.linetype_scale = static_cast<float>(bd());
  read_links(reactors, no_dictionary, no_links);
  if (from(Version::r2000)) {
    const unsigned linetype = bb();
    const unsigned plot_style = bb();
    unsigned material = 0;
    if (from(Version::r2007)) {
      material = bb();
      rc();  // shadows
    }
    if (linetype == 3) entity_.linetype = loader().linetype(handle());
    if (linetype == 1) entity_.linetype = kByBlockLinetype;
    if (linetype == 2) entity_.linetype = loader().continuous_linetype();
    if (material == 3) handle();
    if (plot_style == 3) handle();
    if (from(Version::r2010)) {
      for (int i = 0; i < 3; ++i)
        if (b()) handle();  // visual styles
    }
  }
  entity_.visible = (bs() & 1) == 0;
  if (from(Version::r2000)) entity_.lineweight = lineweight_of(rc());
}

void EntityIn::read_common() {
  read_head();
  if (!eed().empty()) read_xdata();
}

void EntityIn::read_xdata() {
  std::vector<XdataApp> apps = decode_eed(*this);
  if (apps.empty()) return;
  if (!from(Version::r2004)) restore_true_color(apps);
  loader().extra_of(entity_.extra).xdata = std::move(apps);
}

// What AutoCAD 2004 and later save to older files besides the index: "RTTcAl", flags and index,
// packed color.
void EntityIn::restore_true_color(const std::vector<XdataApp>& apps) {
  for (const XdataApp& app : apps) {
    if (app.app != "ACAD") continue;
    const auto& items = app.items;
    for (std::size_t i = 0; i + 2 < items.size(); ++i) {
      const auto* marker = std::get_if<std::string>(&items[i].value);
      const auto* packed = std::get_if<std::int64_t>(&items[i + 2].value);
      if (marker == nullptr || *marker != "RTTcAl" || packed == nullptr) continue;
      const Color color = color_of_packed(static_cast<std::uint32_t>(*packed));
      if (color.kind != Color::Kind::rgb) return;
      entity_.color.kind = Color::Kind::rgb;
      entity_.color.rgb = color.rgb;
      return;
    }
  }
}

std::span<const XdataItem> EntityIn::xdata(std::string_view app) {
  if (!entity_.extra.valid()) return {};
  for (const XdataApp& data : drawing().at(entity_.extra).xdata)
    if (data.app == app) return data.items;
  return {};
}

std::vector<std::uint8_t> EntityIn::graphics() {
  if (links_.graphics_bytes == 0 || links_.graphics_bytes > limits().max_embedded_bytes) return {};
  BitCursor at(framed(), links_.graphics_bit, links_.graphics_bit + links_.graphics_bytes * 8);
  std::vector<std::uint8_t> bytes(at.count(links_.graphics_bytes, 8));
  at.raw(bytes.data(), bytes.size());
  return bytes;
}

std::vector<Slot*> EntityIn::owned(std::size_t count) {
  std::vector<Slot*> all;
  const auto claim = [&](Handle h) {
    Slot* const slot = loader().find(h);
    if (slot == nullptr || slot->claimed || slot->handle == self()) return false;
    slot->claimed = true;
    all.push_back(slot);
    return true;
  };
  if (from(Version::r2004)) {
    const std::size_t believed = handles().count(count, 8);
    for (std::size_t i = 0; i < believed; ++i) claim(handle());
    return all;
  }
  Handle at = handle();
  const Handle last = handle();
  while (claim(at) && at != last) {
    Entity ignored;
    EntityIn next(loader().open(*all.back()), ignored);
    next.read_head();
    if (!next.ok()) break;
    at = next.links().next;
  }
  return all;
}

}  // namespace cad::dwg
