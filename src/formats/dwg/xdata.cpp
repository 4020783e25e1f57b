// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/xdata.hpp"

#include <fmt/format.h>

#include "formats/dwg/loader.hpp"

namespace cad::dwg {
namespace {

std::string read_string(ObjectIn& in, BitCursor& data) {
  if (in.from(Version::r2007)) {
    const std::uint16_t units = data.rs();
    return in.loader().decode_unicode(read_utf16(data, units));
  }
  const std::uint8_t size = data.rc();
  data.rs();  // its code page, always the drawing's
  std::string raw(data.count(size, 8), '\0');
  data.raw(raw.data(), raw.size());
  return in.loader().decode(raw);
}

std::string read_binary(BitCursor& data) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string hex;
  const std::size_t size = data.count(data.rc(), 8);
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint8_t byte = data.rc();
    hex.push_back(kDigits[byte >> 4]);
    hex.push_back(kDigits[byte & 15]);
  }
  return hex;
}

// Handles are eight bytes, the most significant first.
Handle read_handle(BitCursor& data) { return __builtin_bswap64(data.rll()); }

// False for codes that do not exist: their length is unknown, so nothing behind them can be read.
bool read_item(ObjectIn& in, BitCursor& data, XdataItem& item) {
  const std::uint8_t code = data.rc();
  item.code = static_cast<std::int16_t>(1000 + code);
  switch (code) {
    case 0:
    case 1: item.value = read_string(in, data); return true;
    case 2: item.value = std::string(data.rc() == 0 ? "{" : "}"); return true;
    case 3: item.value = in.loader().layer_name(read_handle(data)); return true;
    case 4: item.value = read_binary(data); return true;
    case 5: item.value = fmt::format("{:X}", read_handle(data)); return true;
    case 10:
    case 11:
    case 12:
    case 13: item.value = data.rd3(); return true;
    case 40:
    case 41:
    case 42: item.value = data.rd(); return true;
    case 70: item.value = std::int64_t{static_cast<std::int16_t>(data.rs())}; return true;
    case 71: item.value = std::int64_t{static_cast<std::int32_t>(data.rl())}; return true;
    default: return false;
  }
}

std::size_t cost(const XdataItem& item) {
  const auto* text = std::get_if<std::string>(&item.value);
  return sizeof(XdataItem) + (text != nullptr ? text->size() : 0);
}

}  // namespace

std::vector<XdataApp> decode_eed(ObjectIn& in) {
  std::vector<XdataApp> apps;
  for (const EedBlock& block : in.eed()) {
    XdataApp app{in.loader().app_name(block.app), {}};
    if (!in.loader().room_for_xdata(sizeof(XdataApp) + app.app.size())) return apps;
    BitCursor data(in.framed(), block.bit, block.bit + std::uint64_t{block.bytes} * 8);
    while (data.bits_left() >= 8) {
      XdataItem item;
      if (!read_item(in, data, item) || !data.ok()) {
        in.warn("DWG_BAD_XDATA",
                "Extended data of an application is damaged; its end is left out.");
        break;
      }
      if (!in.loader().room_for_xdata(cost(item))) return apps;
      app.items.push_back(std::move(item));
    }
    // Data of one application may be cut into several blocks.
    if (!apps.empty() && apps.back().app == app.app) {
      auto& items = apps.back().items;
      items.insert(items.end(), std::make_move_iterator(app.items.begin()),
                   std::make_move_iterator(app.items.end()));
    } else {
      apps.push_back(std::move(app));
    }
  }
  return apps;
}

}  // namespace cad::dwg
