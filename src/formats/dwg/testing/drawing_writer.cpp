// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/testing/drawing_writer.hpp"

#include <initializer_list>
#include <map>

#include "formats/dwg/crc16.hpp"
#include "formats/dwg/testing/bit_writer.hpp"
#include "formats/dwg/testing/container_writer_r2004.hpp"
#include "formats/dwg/testing/container_writer_r2007.hpp"
#include "formats/dwg/testing/object_writer.hpp"

namespace cad::dwg::testing {
namespace {

enum : std::uint64_t {
  kBlockControl = 1,
  kLayerControl = 2,
  kLayerZero = 0x10,
  kLayerWalls = 0x11,
  kModelSpace = 0x20,
  kModelBegin = 0x21,
  kModelEnd = 0x22,
  kLine = 0x30,
  kCircle = 0x31
};

void append_u16(std::vector<std::byte>& out, unsigned value) {
  out.push_back(static_cast<std::byte>(value & 0xff));
  out.push_back(static_cast<std::byte>(value >> 8 & 0xff));
}
void append_u32(std::vector<std::byte>& out, std::size_t value) {
  append_u16(out, value & 0xffff);
  append_u16(out, value >> 16 & 0xffff);
}

class DrawingWriter {
 public:
  explicit DrawingWriter(Version version) : version_(version) {}
  std::vector<std::byte> write();

 private:
  bool from(Version v) const { return version_ >= v; }
  void add(std::uint16_t type, std::uint64_t handle, const ObjectWriter& object);
  ObjectWriter object(std::uint64_t owner) const;
  void record_head(ObjectWriter& out, std::string_view name, std::u16string_view wide) const;
  void add_control(std::uint16_t type, std::uint64_t handle, unsigned count,
                   std::initializer_list<std::uint64_t> records);
  void add_layer(std::uint64_t handle, std::string_view name, std::u16string_view wide, int color);
  void add_model_space();
  void add_entities();
  std::vector<std::byte> object_map() const;
  std::vector<std::byte> plain_file() const;

  Version version_;
  std::vector<std::byte> objects_;
  std::map<std::uint64_t, std::size_t> places_;
};

void DrawingWriter::add(std::uint16_t type, std::uint64_t handle, const ObjectWriter& object) {
  const std::vector<std::byte> framed = object.frame(type, handle);
  places_[handle] = objects_.size();
  objects_.insert(objects_.end(), framed.begin(), framed.end());
  append_u16(objects_, crc16(kCrcSeed, framed));
}

// What objects that are no entities begin with (ODA 20.1).
ObjectWriter DrawingWriter::object(std::uint64_t owner) const {
  ObjectWriter out(version_);
  out.data.bs(0);
  out.object_size();
  out.data.bl(0);
  if (from(Version::r2004)) out.data.b(true);
  if (from(Version::r2013)) out.data.b(false);
  out.handles.h(4, owner);
  if (!from(Version::r2004)) out.handles.h(3, 0);
  return out;
}

void DrawingWriter::record_head(ObjectWriter& out, std::string_view name,
                                std::u16string_view wide) const {
  out.text(name, wide);
  if (from(Version::r2007)) {
    out.data.bs(0);
  } else {
    out.data.b(false).bs(0).b(false);
  }
}

void DrawingWriter::add_control(std::uint16_t type, std::uint64_t handle, unsigned count,
                                std::initializer_list<std::uint64_t> records) {
  ObjectWriter out = object(0);
  out.data.bl(count);
  for (const std::uint64_t record : records) out.handles.h(2, record);
  add(type, handle, out);
}

void DrawingWriter::add_layer(std::uint64_t handle, std::string_view name, std::u16string_view wide,
                              int color) {
  ObjectWriter out = object(kLayerControl);
  record_head(out, name, wide);
  if (from(Version::r2000)) {
    out.data.bs(16);  // plots
  } else {
    out.data.b(false).b(false).b(false).b(false);
  }
  if (from(Version::r2004)) {
    out.data.bs(0).bl_as(0, static_cast<std::int64_t>(0xC3000000u) | color).rc(0);
  } else {
    out.data.bs(color);
  }
  out.handles.h(5, 0);
  if (from(Version::r2000)) out.handles.h(5, 0);
  if (from(Version::r2007)) out.handles.h(5, 0);
  out.handles.h(5, 0);
  if (from(Version::r2013)) out.handles.h(5, 0);
  add(51, handle, out);
}

void DrawingWriter::add_model_space() {
  ObjectWriter out = object(kBlockControl);
  record_head(out, "*Model_Space", u"*Model_Space");
  out.data.b(false).b(false).b(false).b(false);
  if (from(Version::r2000)) out.data.b(false);
  if (from(Version::r2004)) out.data.bl(2);
  out.data.bd3({0, 0, 0});
  out.text("", u"");
  if (from(Version::r2000)) {
    out.data.rc(0);
    out.text("", u"");
    out.data.bl(0);
  }
  if (from(Version::r2007)) out.data.bs(0).b(true).rc(0);
  out.handles.h(5, 0).h(3, kModelBegin);
  if (from(Version::r2004)) {
    out.handles.h(3, kLine).h(3, kCircle);
  } else {
    out.handles.h(4, kLine).h(4, kCircle);
  }
  out.handles.h(3, kModelEnd);
  if (from(Version::r2000)) out.handles.h(5, 0);
  add(49, kModelSpace, out);

  ObjectWriter begin(version_);
  begin.entity_common(kLayerZero).text("*Model_Space", u"*Model_Space");
  add(4, kModelBegin, begin);
  ObjectWriter end(version_);
  add(5, kModelEnd, end.entity_common(kLayerZero));
}

void DrawingWriter::add_entities() {
  ObjectWriter line(version_);
  line.entity_common(kLayerWalls);
  const Vec3 start{1, 2, 0}, end{3, 4, 5};
  if (from(Version::r2000)) {
    line.data.b(false).rd(start.x).dd(end.x, start.x).rd(start.y).dd(end.y, start.y);
    line.data.rd(start.z).dd(end.z, start.z);
  } else {
    line.data.bd3(start).bd3(end);
  }
  line.data.thickness(0, version_).extrusion({0, 0, 1}, version_);
  add(19, kLine, line);

  ObjectWriter circle(version_);
  circle.entity_common(kLayerWalls).data.bd3({7, 8, 0}).bd(2.5);
  circle.data.thickness(0, version_).extrusion({0, 0, 1}, version_);
  add(18, kCircle, circle);
}

std::vector<std::byte> DrawingWriter::object_map() const {
  BitWriter pairs;
  std::uint64_t handle = 0, place = 0;
  for (const auto& [next, at] : places_) {
    pairs.umc(next - handle).mc(static_cast<std::int64_t>(at) - static_cast<std::int64_t>(place));
    handle = next;
    place = at;
  }
  std::vector<std::byte> map;
  const auto append_chunk = [&map](const std::vector<std::byte>& content) {
    const std::size_t begin = map.size(), size = content.size() + 2;
    map.push_back(static_cast<std::byte>(size >> 8));
    map.push_back(static_cast<std::byte>(size & 0xff));
    map.insert(map.end(), content.begin(), content.end());
    const std::uint16_t crc = crc16(kCrcSeed, Bytes(map).subspan(begin, size));
    map.push_back(static_cast<std::byte>(crc >> 8));
    map.push_back(static_cast<std::byte>(crc & 0xff));
  };
  append_chunk(pairs.bytes());
  append_chunk({});
  return map;
}

// R13 to 2000 (ODA 3.2): objects_ begins at the file's first byte, so places are addresses.
std::vector<std::byte> DrawingWriter::plain_file() const {
  constexpr unsigned kRecords = 3;
  std::vector<std::byte> file = objects_;
  const std::vector<std::byte> map = object_map();
  std::vector<std::byte> head;
  for (const char c : code_of(version_)) head.push_back(static_cast<std::byte>(c));
  head.resize(0x13);
  append_u16(head, 30);
  append_u32(head, kRecords);
  for (unsigned record = 0; record < kRecords; ++record) {
    head.push_back(static_cast<std::byte>(record));
    append_u32(head, record == 2 ? file.size() : 0);
    append_u32(head, record == 2 ? map.size() : 0);
  }
  append_u16(head, crc16(0, head) ^ 0xA598u);
  std::copy(head.begin(), head.end(), file.begin());
  file.insert(file.end(), map.begin(), map.end());
  return file;
}

std::vector<std::byte> DrawingWriter::write() {
  if (from(Version::r2004)) {
    append_u32(objects_, 0x0DCA);
  } else {
    objects_.resize(0x80);  // the file header's place
  }
  add_control(48, kBlockControl, 0, {kModelSpace});
  add_control(50, kLayerControl, 2, {kLayerZero, kLayerWalls});
  add_layer(kLayerZero, "0", u"0", 7);
  add_layer(kLayerWalls, "W\xE4nde", u"W\u00E4nde", 1);
  add_model_space();
  add_entities();
  if (!from(Version::r2004)) return plain_file();
  const std::map<SectionId, std::vector<std::byte>> sections{{SectionId::objects, objects_},
                                                             {SectionId::object_map, object_map()}};
  return version_ == Version::r2007 ? write_r2007(sections) : write_r2004(version_, sections);
}

}  // namespace

std::vector<std::byte> write_drawing(Version version) { return DrawingWriter(version).write(); }

}  // namespace cad::dwg::testing
