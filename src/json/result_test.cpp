// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numbers>
#include <set>

#include "json/entity.hpp"
#include "json/write.hpp"
#include "test_paths.hpp"

namespace cad::json {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;

class PartMap : public PartSink {
 public:
  std::map<PartKind, std::string> parts;
  std::vector<PartKind> order;
  Result<void> write(PartKind kind, std::uint32_t, std::span<const std::byte> bytes) override {
    if (order.empty() || order.back() != kind) order.push_back(kind);
    parts[kind].append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
};

Entity make(Handle handle, Geometry geometry, std::uint32_t layer = 0) {
  Entity entity;
  entity.handle = handle;
  entity.layer = LayerId{layer};
  entity.geometry = std::move(geometry);
  return entity;
}

Entity attribute(Handle handle, std::string tag, std::string value) {
  Attribute a;
  a.tag = std::move(tag);
  a.text.value = std::move(value);
  return make(handle, Indirect(std::move(a)));
}

Layout layout(std::string name, std::uint32_t block, bool is_model = false) {
  Layout out;
  out.name = std::move(name);
  out.block = BlockId{block};
  out.is_model = is_model;
  return out;
}

// Two layers, model space and a layout, one block.
Drawing small_drawing() {
  Drawing d;
  d.version = "AC1032";
  d.units = Units::mm;
  d.layers.resize(2);
  d.layers[0].name = "0";
  d.layers[1].name = "W\"alls";
  d.layers[1].color = Color::aci(1);
  d.blocks.resize(3);
  d.blocks[0].name = "*Model_Space";
  d.blocks[1].name = "*Paper_Space";
  d.blocks[2].name = "DOOR";
  d.layouts = {layout("Model", 0, true), layout("A 3", 1)};
  return d;
}

std::vector<Entity>& model(Drawing& d) { return d.blocks[0].entities; }

struct Written {
  PartMap parts;
  Json result;
};

Written write(const Drawing& d, ResultFacts facts = {}, bool service = false) {
  Written out;
  if (facts.sheets.empty()) facts.sheets = plan_sheets(d);
  facts.file_name = "a.dxf";
  facts.parser_version = "1";
  EXPECT_TRUE(write_result(d, facts, Diagnostics{}, out.parts, service));
  out.result = Json::parse(out.parts.parts[PartKind::result]);
  return out;
}

Json entity_json(const Drawing& d, std::size_t index = 0) {
  return write(d).result["sheets"][0]["entities"][index];
}

TEST(Result, EveryFieldOfAnEntityIsThere) {
  Drawing d = small_drawing();
  model(d).push_back(make(0x2F, Line{{1, 2, 0}, {4, 6, 0.5}}, 1));
  ResultFacts facts;
  facts.sheets = plan_sheets(d);
  facts.sheets[0].entity_boxes.push_back({1, 2, 4, 6.0000004});
  const Json e = write(d, facts).result["sheets"][0]["entities"][0];
  EXPECT_EQ(e, Json::parse(R"({"id":"2F","handle":"2F","type":"LINE","category":"Geometry",
    "layer":"W\"alls","layout":"Model","geometry":{"start":{"x":1,"y":2},"end":{"x":4,"y":6,"z":0.5}},
    "text":null,"reference":null,"properties":{"colorIndex":null,"lineType":null,"lineweight":-2,
    "visible":true,"solid":null,"patternName":null,"patternAngle":null,"patternScale":null},
    "bbox":{"minX":1,"minY":2,"maxX":4,"maxY":6},
    "metrics":{"length":5.024938,"area":null,"perimeter":null,"vertexCount":null}})"));
}

TEST(Result, HeadSummaryAndMetadata) {
  Drawing d = small_drawing();
  model(d).push_back(make(1, Line{}));
  model(d).push_back(make(2, Circle{{}, 2}, 1));
  ResultFacts facts;
  facts.sheets = plan_sheets(d);
  facts.sheets[0].visible = {0, 0, 10, 5};
  const Json r = write(d, facts).result;
  EXPECT_EQ(r["file"],
            Json::parse(R"({"name":"a.dxf","format":"DXF","version":"AC1032","units":"mm"})"));
  EXPECT_EQ(r["summary"]["statistics"]["byType"], Json::parse(R"({"CIRCLE":1,"LINE":1})"));
  EXPECT_EQ(r["summary"]["boundingBox"],
            Json::parse(R"({"minX":0,"minY":0,"maxX":10,"maxY":5,"width":10,"height":5})"));
  EXPECT_EQ(r["metadata"]["dwgVersion"], "AutoCAD 2018");
  EXPECT_EQ(r["sheets"][0]["area"], 50);
  EXPECT_EQ(r["sheets"][0]["perimeter"], 30);
  EXPECT_EQ(r["sheets"][0]["layers"][1],
            Json::parse(R"({"name":"W\"alls","color":1,"colorHex":"#FF0000","lineType":"Continuous",
                            "lineweight":-1,"isVisible":true,"entityCount":1})"));
  EXPECT_FALSE(r.contains("createdAt"));
}

TEST(Result, SheetsAreModelSpaceAndLayoutsWithContent) {
  Drawing d = small_drawing();
  Viewport own;
  own.id = 1;
  d.blocks[1].entities.push_back(make(9, Indirect(own)));
  EXPECT_EQ(plan_sheets(d).size(), 1u);
  d.blocks[1].entities.push_back(make(0xA, Line{}, 1));
  d.layouts.push_back(layout("A-3!", 1));
  d.layouts.push_back(layout("\xE5\x9B\xB3", 1));
  const auto sheets = plan_sheets(d);
  std::vector<std::string> keys;
  for (const auto& s : sheets) keys.push_back(s.key);
  EXPECT_THAT(keys, ElementsAre("model", "a-3", "a-3-2", "sheet"));
  // A paper sheet lists the layers it uses.
  const Json paper = write(d).result["sheets"][1];
  EXPECT_EQ(paper["layerCount"], 2);
  EXPECT_EQ(paper["layers"].size(), 2u);
}

TEST(Result, AttributesAreEntitiesBehindTheirInsert) {
  Drawing d = small_drawing();
  Insert insert;
  insert.block = BlockId{2};
  insert.attributes = {attribute(0x11, "NO", "%%c12"), attribute(0x12, "ROOM", "Hall")};
  model(d).push_back(make(0x10, Indirect(insert)));
  model(d).push_back(make(0x13, Line{}));
  ResultFacts facts;
  facts.sheets = plan_sheets(d);
  facts.sheets[0].entity_boxes = {{0, 0, 1, 1}, {5, 5, 6, 6}};
  facts.sheets[0].attribute_boxes = {{2, 2, 3, 3}, {}};
  const Json e = write(d, facts).result["sheets"][0]["entities"];
  ASSERT_EQ(e.size(), 4u);
  EXPECT_EQ(e[0]["geometry"]["attributes"],
            Json::parse(R"([{"tag":"NO","value":"\u00d812"},{"tag":"ROOM","value":"Hall"}])"));
  EXPECT_EQ(e[0]["reference"]["blockName"], "DOOR");
  EXPECT_EQ(e[1]["type"], "ATTRIB");
  EXPECT_EQ(e[1]["bbox"]["minX"], 2);
  EXPECT_EQ(e[2]["bbox"]["minX"], nullptr);
  EXPECT_EQ(e[3]["bbox"]["minX"], 5);
}

TEST(Result, IdsAreUniqueAndStable) {
  Drawing d = small_drawing();
  for (const Handle h : {0x5u, 0x5u, 0u, 0x4u, 0x5u}) model(d).push_back(make(h, Line{}, h == 4));
  const auto ids = [](const Json& result) {
    std::vector<std::string> out;
    for (const Json& e : result["sheets"][0]["entities"]) out.push_back(e["id"]);
    return out;
  };
  EXPECT_THAT(ids(write(d).result), ElementsAre("5", "5~2", "s0-2", "4", "5~3"));
  ResultFacts facts;
  facts.only_layers = {LayerId{0}};
  EXPECT_THAT(ids(write(d, facts).result), ElementsAre("5", "5~2", "s0-2", "5~3"));
}

TEST(Result, MirroredPlanesComeUpright) {
  Drawing d = small_drawing();
  Entity arc = make(1, Arc{{3, 4, 5}, 2, 0, 90});
  arc.normal = {0, 0, -1};
  model(d).push_back(arc);
  LwPolyline line;
  line.vertices = {{1, 2, 0.5, 0, 0}, {3, 4, 0, 0.1, 0.2}};
  Entity polyline = make(2, line);
  polyline.normal = {0, 0, -1};
  model(d).push_back(polyline);
  const Json g = entity_json(d)["geometry"];
  EXPECT_EQ(g["center"], Json::parse(R"({"x":-3,"y":4,"z":-5})"));
  EXPECT_DOUBLE_EQ(g["startAngle"], std::numbers::pi / 2);
  EXPECT_DOUBLE_EQ(g["endAngle"], std::numbers::pi);
  EXPECT_FALSE(g.contains("normal"));
  EXPECT_EQ(entity_json(d, 1)["geometry"]["vertices"],
            Json::parse(
                R"([{"x":-1,"y":2,"bulge":-0.5},{"x":-3,"y":4,"startWidth":0.1,"endWidth":0.2}])"));
}

TEST(Result, TiltedPlanesSayTheirNormal) {
  Drawing d = small_drawing();
  Entity circle = make(1, Circle{{1, 2, 3}, 2});
  circle.normal = {1, 0, 0};
  model(d).push_back(circle);
  const Json g = entity_json(d)["geometry"];
  EXPECT_EQ(g["normal"], Json::parse(R"({"x":1,"y":0})"));
  EXPECT_EQ(g["center"], Json::parse(R"({"x":3,"y":1,"z":2})"));
}

TEST(Result, ColorsAndLinetypes) {
  Drawing d = small_drawing();
  d.linetypes.resize(1);
  d.linetypes[0].name = "DASHED";
  d.linetypes[0].elements.resize(2);
  d.linetypes[0].elements[0].length = 0.5;
  d.linetypes[0].elements[1].length = -0.25;
  Entity e = make(1, Line{});
  e.color.kind = Color::Kind::by_block;
  e.linetype = kByBlockLinetype;
  e.visible = false;
  model(d).push_back(e);
  e.handle = 2;
  e.color = {Color::Kind::rgb, 30, {1, 2, 3}};
  e.linetype = LinetypeId{0};
  model(d).push_back(e);
  const Json r = write(d).result;
  const Json& entities = r["sheets"][0]["entities"];
  EXPECT_EQ(entities[0]["properties"]["colorIndex"], 0);
  EXPECT_EQ(entities[0]["properties"]["lineType"], "BYBLOCK");
  EXPECT_EQ(entities[0]["properties"]["visible"], false);
  EXPECT_EQ(entities[1]["properties"]["colorIndex"], 30);
  EXPECT_EQ(entities[1]["properties"]["lineType"], "DASHED");
  EXPECT_EQ(r["metadata"]["linetypePatterns"], Json::parse(R"({"DASHED":[0.5,-0.25]})"));
}

// ---- the service's parts --------------------------------------------------------------------

Drawing drawing_with_extras() {
  Drawing d = small_drawing();
  d.extras.resize(1);
  d.extras[0].xdata = {{"B", {{1000, std::string("x")}}},
                       {"A", {{1071, std::int64_t{7}}}},
                       {"B", {{1010, Vec3{1, 2, 3}}}}};
  d.extras[0].extension = {{"k", "1"}, {"k", "2"}};
  d.blocks[2].dynamic_name = "Door - dynamic";
  Entity line = make(1, Line{});
  line.extra = ExtraId{0};
  model(d) = {make(7, Circle{}, 1), line};
  Insert insert;
  insert.block = BlockId{2};
  model(d).push_back(make(3, Indirect(insert)));
  d.blocks[2].entities = {line};
  d.blocks[2].entities[0].handle = 0;
  return d;
}

const char* const kXdata =
    R"({"A":[{"code":1071,"value":7}],"B":[{"code":1000,"value":"x"},{"code":1010,"value":{"x":1,"y":2,"z":3}}]})";

TEST(Result, ExtendedDataInline) {
  const Drawing d = drawing_with_extras();
  ResultFacts facts;
  facts.inline_xdata = facts.inline_blocks = true;
  const Json r = write(d, facts).result;
  const Json& e = r["sheets"][0]["entities"];
  EXPECT_FALSE(e[0].contains("xdata"));
  EXPECT_EQ(e[1]["xdata"], Json::parse(kXdata));
  EXPECT_EQ(e[1]["extension"], Json::parse(R"({"k":["1","2"]})"));
  EXPECT_EQ(e[2]["extension"], Json::parse(R"({"dynamicBlockName":"Door - dynamic"})"));
  ASSERT_EQ(r["blocks"].size(), 1u);
  EXPECT_EQ(r["blocks"][0]["name"], "DOOR");
  EXPECT_EQ(r["blocks"][0]["entities"][0]["id"], "b2-0");
  EXPECT_EQ(r["blocks"][0]["entities"][0]["layout"], nullptr);
  EXPECT_EQ(r["blocks"][0]["entities"][0]["xdata"], Json::parse(kXdata));
}

std::vector<SlotRecord> slots_of(PartMap& parts) {
  const std::string& bytes = parts.parts[PartKind::slots];
  std::vector<SlotRecord> slots(bytes.size() / sizeof(SlotRecord));
  std::memcpy(slots.data(), bytes.data(), slots.size() * sizeof(SlotRecord));
  return slots;
}

// What a consumer does: `in` with everything inserted.
std::string fill(PartMap& parts, PartKind kind) {
  const std::string& in = parts.parts[kind];
  std::string out;
  std::uint64_t from = 0;
  for (const SlotRecord& s : slots_of(parts)) {
    const bool of_blocks = s.kind == SlotKind::block_xdata;
    if (of_blocks != (kind == PartKind::blocks)) continue;
    EXPECT_GE(s.offset, from);
    out.append(in, from, s.offset - from);
    from = s.offset;
    if (s.kind == SlotKind::job) out += R"(,"jobId":"j","status":"COMPLETED")";
    if (s.kind == SlotKind::sheet_image) out += ",\"imageUrl\":" + std::to_string(s.a);
    if (s.kind == SlotKind::tail) out += R"(,"imageUrl":null,"imageUrls":[],"createdAt":"t")";
    if (s.kind == SlotKind::xdata || of_blocks)
      out += parts.parts[PartKind::xdata].substr(s.a, s.b);
  }
  return out + in.substr(from);
}

TEST(ServiceParts, FilledSlotsGiveTheInlineDocument) {
  const Drawing d = drawing_with_extras();
  ResultFacts facts;
  facts.sheets = plan_sheets(d);
  Written w = write(d, facts, true);
  EXPECT_THAT(w.parts.order, ElementsAre(PartKind::result, PartKind::blocks, PartKind::slots,
                                         PartKind::xdata, PartKind::index, PartKind::summary));
  Json filled = Json::parse(fill(w.parts, PartKind::result));
  EXPECT_EQ(filled["jobId"], "j");
  EXPECT_EQ(filled["createdAt"], "t");
  EXPECT_EQ(filled["sheets"][0]["imageUrl"], 0);
  facts.inline_xdata = facts.inline_blocks = true;
  Json inlined = write(d, facts).result;
  EXPECT_EQ(filled["sheets"][0]["entities"], inlined["sheets"][0]["entities"]);
  EXPECT_EQ(Json::parse(fill(w.parts, PartKind::blocks)), inlined["blocks"]);
}

TEST(ServiceParts, TheIndexFindsEachEntity) {
  const Drawing d = drawing_with_extras();
  ResultFacts facts;
  facts.sheets = plan_sheets(d);
  facts.sheets[0].entity_boxes = {{1, 2, 3, 4}};
  Written w = write(d, facts, true);
  const std::string& bytes = w.parts.parts[PartKind::index];
  IndexHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  ASSERT_EQ(header.record_count, 3u);
  EXPECT_EQ(header.layer_count, 2u);
  EXPECT_EQ(bytes.substr(sizeof header, header.name_bytes),
            std::string("0\0W\"alls\0CIRCLE\0LINE\0INSERT\0", 28));
  const std::size_t first = sizeof header + (header.name_bytes + 7) / 8 * 8;
  ASSERT_EQ(bytes.size(), first + 3 * sizeof(IndexRecord));
  const Json& entities = w.result["sheets"][0]["entities"];
  for (std::size_t i = 0; i < 3; ++i) {
    IndexRecord record;
    std::memcpy(&record, bytes.data() + first + i * sizeof record, sizeof record);
    const std::string piece = w.parts.parts[PartKind::result].substr(record.offset, record.length);
    EXPECT_EQ(Json::parse(piece), entities[i]);
    EXPECT_EQ(record.type, i);
    EXPECT_EQ(record.layer, i == 0 ? 1u : 0u);
    EXPECT_EQ(record.handle, std::stoul(entities[i]["handle"].get<std::string>(), nullptr, 16));
    EXPECT_EQ(std::isnan(record.min_x), i != 0);
    if (i == 0) {
      EXPECT_EQ(record.max_y, 4);
    }
  }
}

TEST(ServiceParts, TheSummaryHasNeitherEntitiesNorLayers) {
  const Drawing d = drawing_with_extras();
  Written w = write(d, {}, true);
  const Json s = Json::parse(w.parts.parts[PartKind::summary]);
  EXPECT_EQ(s["entityCount"], 3);
  EXPECT_EQ(s["layerCount"], 2);
  EXPECT_EQ(s["sheets"][0]["key"], "model");
  EXPECT_FALSE(s["sheets"][0].contains("entities"));
  EXPECT_FALSE(s["sheets"][0].contains("layers"));
  EXPECT_EQ(s["summary"], w.result["summary"]);
  EXPECT_EQ(s["metadata"], w.result["metadata"]);
}

// ---- the schema ------------------------------------------------------------------------------

// Every alternative of Geometry, as a reader would leave it.
template <std::size_t... I>
std::vector<Geometry> all_alternatives(std::index_sequence<I...>) {
  return {Geometry(std::in_place_index<I>)...};
}

const Json& definition_for(const Json& schema, const std::string& type) {
  for (const Json& branch : schema["$defs"]["entity"]["allOf"]) {
    const Json& kind = branch["if"]["properties"]["type"];
    const bool negated = kind.contains("not");
    const Json& types = negated ? kind["not"]["enum"] : kind["enum"];
    const bool listed = std::find(types.begin(), types.end(), type) != types.end();
    if (listed == negated) continue;
    const std::string ref = branch["then"]["properties"]["geometry"]["$ref"];
    return schema["$defs"][ref.substr(ref.rfind('/') + 1)];
  }
  throw std::runtime_error("no branch for " + type);
}

TEST(Schema, KnowsEveryAlternativeOfTheModel) {
  std::ifstream file(cad::test_paths::source_dir + "/schema/result.schema.json");
  const Json schema = Json::parse(file);
  const auto alternatives =
      all_alternatives(std::make_index_sequence<std::variant_size_v<Geometry>>{});
  Drawing d = small_drawing();
  std::set<std::string> definitions;
  for (const Geometry& geometry : alternatives) {
    const bool unknown = std::holds_alternative<Indirect<Unknown>>(geometry);
    model(d) = {make(1, geometry)};
    if (auto* body = std::get_if<Indirect<AcisBody>>(&model(d)[0].geometry)) (*body)->type = "BODY";
    const Json e = entity_json(d);
    const Json& definition = definition_for(schema, e["type"]);
    EXPECT_EQ(&definition == &schema["$defs"]["Unknown"], unknown) << e["type"];
    EXPECT_TRUE(definitions.insert(definition.dump()).second) << e["type"];
    for (const Json& name : definition["required"])
      EXPECT_TRUE(e["geometry"].contains(name)) << e["type"] << " lacks " << name;
    for (const auto& [name, value] : e["geometry"].items())
      EXPECT_TRUE(definition["properties"].contains(name)) << e["type"] << " has " << name;
  }
  // IMAGE and WIPEOUT share an alternative.
  EXPECT_EQ(definitions.size() + 1, schema["$defs"]["entity"]["allOf"].size());
}

}  // namespace
}  // namespace cad::json
