// SPDX-License-Identifier: Apache-2.0
#include "jobs/older_result.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/parts.hpp"
#include "jobs/fake_blobs.hpp"
#include "jobs/json_filter.hpp"

namespace cad::jobs {
namespace {

using Json = nlohmann::json;

const std::string kNone = "null";

// As the worker writes it, every member present.
std::string entity(const std::string& type, const std::string& geometry,
                   const std::string& text = kNone, const std::string& reference = kNone,
                   const std::string& color = kNone) {
  return R"({"id":"2F","handle":"2F","type":")" + type +
         R"(","category":"Geometry","layer":"W\"alls","layout":"Model","geometry":{)" + geometry +
         R"(},"text":)" + text + R"(,"reference":)" + reference +
         R"(,"properties":{"colorIndex":)" + color +
         R"(,"lineType":null,"lineweight":-2,"visible":true,"solid":null,"patternName":null,)"
         R"("patternAngle":null,"patternScale":null},"bbox":{"minX":0,"minY":0,"maxX":1,"maxY":1},)"
         R"("metrics":{"length":1,"area":null,"perimeter":null,"vertexCount":null}})";
}

const std::string kLayers =
    R"([{"name":"0","color":7,"colorHex":"#FFFFFF","lineType":"Continuous","lineweight":-3,)"
    R"("isVisible":true,"entityCount":2},{"name":"W\"alls {[","color":1,"colorHex":"#FF0000",)"
    R"("lineType":"DASHED","lineweight":25,"isVisible":false,"entityCount":0}])";
const std::string kOlderLayers =
    R"([{"name":"0","color":7,"colorHex":"#FFFFFF","lineType":"Continuous","isVisible":true,)"
    R"("entityCount":2},{"name":"W\"alls {[","color":1,"colorHex":"#FF0000","lineType":"DASHED",)"
    R"("isVisible":false,"entityCount":0}])";

struct Stored {
  std::string result, slots;
};

// Two sheets; the second must not show.
Stored document(const std::string& entities, const std::string& layers = kLayers) {
  const std::string start =
      R"({"schemaVersion":"2.0.0","file":{"name":"a"},"sheets":[{"name":"Model","key":"model","index":0)";
  const std::string rest =
      R"(,"entityCount":1,"layerCount":2,"boundingBox":{"minX":0,"entities":[1]},"area":1,)"
      R"("perimeter":4,"layers":)" +
      layers + R"(,"entities":)" + entities +
      R"(},{"name":"A3","index":1,"layers":[{"name":"paper"}],"entities":[)" +
      entity("CIRCLE", R"("radius":77)") + R"(]}],"metadata":{}})";
  const SlotRecord slots[] = {{23, SlotKind::job, 0, 0},
                              {start.size(), SlotKind::sheet_image, 0, 0},
                              {start.size() + rest.size(), SlotKind::tail, 0, 0}};
  return {start + rest, std::string(reinterpret_cast<const char*>(slots), sizeof slots)};
}

Result<std::string> convert(const Stored& stored, std::size_t step = 1000) {
  const auto slots = FakeBlobs::reader(stored.slots);
  CAD_ASSIGN(ResultStream stream,
             convert_to_older(FakeBlobs::reader(stored.result), *slots,
                              {R"({"jobId":"j")", R"({"units":"mm"})", R"(,"imageUrl":null})"}));
  EXPECT_FALSE(stream.size);
  std::string all, block(step, '\0');
  while (true) {
    CAD_ASSIGN(const std::size_t count, stream.read(block));
    if (count == 0) return all;
    all.append(block, 0, count);
  }
}

Json older(const std::string& text) {
  const auto all = convert(document("[" + text + "]"));
  EXPECT_TRUE(all) << all.error().message;
  const Json json = Json::parse(all.value_or("null"), nullptr, false);
  EXPECT_TRUE(json.is_object()) << all.value_or("");
  return json["vectorJson"]["entities"][0];
}

void expect_older(const std::string& type, const std::string& newer, const std::string& members) {
  EXPECT_EQ(Json::parse(R"({"id":"2F","type":")" + type + R"(","layer":"W\"alls")" + members + "}"),
            older(newer))
      << type;
}

TEST(OlderResult, the_document_is_the_model_space_alone) {
  const std::string line = entity("LINE", R"("start":{"x":1,"y":2},"end":{"x":4,"y":6,"z":0.5})");
  const std::string flat =
      R"({"id":"2F","type":"LINE","layer":"W\"alls","start":{"x":1,"y":2},"end":{"x":4,"y":6,"z":0.5}})";
  for (const std::size_t step : {1u, 7u, 100'000u})
    EXPECT_EQ(R"({"jobId":"j","vectorJson":{"entities":[)" + flat + "," + flat +
                  R"(]},"layersJson":)" + kOlderLayers +
                  R"(,"metadata":{"units":"mm"},"imageUrl":null})",
              convert(document("[" + line + "," + line + "]"), step).value());
  EXPECT_EQ(
      R"({"jobId":"j","vectorJson":{"entities":[]},"layersJson":[],"metadata":{"units":"mm"},)"
      R"("imageUrl":null})",
      convert(document("[]", "[]")).value());
}

TEST(OlderResult, lines_and_curves_have_their_geometry_at_the_root) {
  for (
      const auto& [type, geometry] : std::initializer_list<std::pair<const char*, const char*>>{
          {"LINE", R"("start":{"x":0.1,"y":1e-17},"end":{"x":-123456789.123456789,"y":2})"},
          {"POINT", R"("position":{"x":1,"y":2})"},
          {"CIRCLE", R"("center":{"x":1,"y":2},"radius":3.5)"},
          {"ARC", R"("center":{"x":1,"y":2},"radius":3,"startAngle":0.5,"endAngle":3.14159)"},
          {"ELLIPSE",
           R"("center":{"x":1,"y":2},"majorAxis":{"x":3,"y":0},"ratio":0.5,"startAngle":0,"endAngle":6.28)"},
          {"LWPOLYLINE",
           R"("vertices":[{"x":1,"y":2,"bulge":1},{"x":3,"y":4}],"closed":true,"filled":false)"},
          {"POLYLINE",
           R"("vertices":[{"x":1,"y":2,"z":3}],"closed":false,"filled":false,"faces":[[0,1,2]])"},
          {"SPLINE",
           R"("degree":3,"controlPoints":[{"x":1,"y":2}],"knots":[0,1],"weights":[],"fitPoints":[],"closed":false)"}})
    expect_older(type, entity(type, geometry), "," + std::string(geometry));
}

TEST(OlderResult, texts_are_strings_with_their_height) {
  const std::string place = R"("position":{"x":1,"y":2},"rotation":45)";
  for (const char* type : {"TEXT", "ATTRIB", "ATTDEF"})
    expect_older(type,
                 entity(type, place, R"({"value":"say \"{hi}\" \\","height":2.5,"style":"S"})"),
                 "," + place + R"(,"text":"say \"{hi}\" \\","height":2.5)");
  const std::string mtext = place + R"(,"width":10,"attachment":1,"rawText":"\\pA;x")";
  expect_older("MTEXT", entity("MTEXT", mtext, R"({"value":"x","height":3,"style":null})"),
               "," + mtext + R"(,"text":"x","height":3)");
}

TEST(OlderResult, inserts_name_their_block) {
  const std::string geometry =
      R"("position":{"x":1,"y":2},"scaleX":1,"scaleY":-2,"rotation":90,"attributes":[{"tag":"A","value":"}"}])";
  expect_older("INSERT", entity("INSERT", geometry, kNone, R"({"blockName":"DOOR"})"),
               "," + geometry + R"(,"blockName":"DOOR")");
}

TEST(OlderResult, a_color_of_its_own_is_told_and_no_name_comes_twice) {
  expect_older("LINE", entity("LINE", "", kNone, kNone, "30"), R"(,"colorIndex":30)");
  expect_older("LINE", entity("LINE", "", kNone, kNone, "0"), R"(,"colorIndex":0)");
  expect_older("VIEWPORT", entity("VIEWPORT", R"("height":5,"id":2)"),
               R"(,"height":5,"viewportId":2)");
  expect_older("DIMENSION",
               entity("DIMENSION", R"("kind":"linear","measurement":5,"text":"5.0")", kNone,
                      R"({"blockName":"*D1"})"),
               R"(,"kind":"linear","measurement":5,"text":"5.0","blockName":"*D1")");
}

TEST(OlderResult, the_pieces_it_is_read_in_make_no_difference) {
  const std::string text = "[" +
                           entity("TEXT", R"("position":{"x":1,"y":2})",
                                  R"({"value":"a\\\"b]}","height":1,"style":"s"})") +
                           "," +
                           entity("LINE", R"("start":{"x":1,"y":-2.5e3})", kNone, kNone, "7") + "]";
  const auto rules = [](const JsonFilter::Member& member) -> JsonFilter::Verdict {
    const bool flat = member.object.empty() && (member.name == "geometry" || member.name == "text");
    return {flat ? JsonFilter::Do::flatten : JsonFilter::Do::copy, member.name};
  };
  std::string whole;
  JsonFilter at_once(rules);
  ASSERT_TRUE(at_once.feed(text, whole));
  EXPECT_TRUE(at_once.ended());
  for (const std::size_t step : {1u, 2u, 3u, 11u}) {
    std::string pieces;
    JsonFilter filter(rules);
    for (std::size_t at = 0; at < text.size(); at += step)
      ASSERT_TRUE(filter.feed(std::string_view(text).substr(at, step), pieces));
    EXPECT_TRUE(filter.ended());
    EXPECT_EQ(whole, pieces);
  }
}

TEST(OlderResult, one_entity_larger_than_a_block_passes_through) {
  std::string vertices;
  for (int i = 0; i < 50'000; ++i)
    vertices += (i ? "," : "") + std::string(R"({"x":)") + std::to_string(i) + R"(,"y":1})";
  const Json polyline =
      older(entity("LWPOLYLINE", R"("vertices":[)" + vertices + R"(],"closed":false)"));
  EXPECT_EQ(50'000u, polyline["vertices"].size());
  EXPECT_EQ(49'999, polyline["vertices"][49'999]["x"]);
}

TEST(OlderResult, a_damaged_store_is_an_error_and_no_end) {
  const Stored good = document("[" + entity("LINE", R"("start":{"x":1})") + "]");
  for (std::size_t cut = 0; cut < good.result.find("A3") - 20; cut += 3)
    EXPECT_EQ(ErrorCode::integrity, convert({good.result.substr(0, cut), good.slots}).error().code);
  EXPECT_FALSE(convert({good.result, ""}));
  EXPECT_FALSE(convert({good.result, good.slots.substr(0, 24)}));
  for (const char* entities : {"{}", "[1]", "[[]]", "[{\"a\" 1}]", "[{x:1}]", "[{\"a\":}]", "7"})
    EXPECT_FALSE(convert(document(entities))) << entities;
}

TEST(OlderResult, metadata_is_what_was_known_then) {
  const auto metadata = older_metadata(
      R"({"schemaVersion":"2.0.0","sheets":[{"a":[1]}],"metadata":{"filename":"a.dxf","format":"DXF",)"
      R"("version":"AC1032","dwgVersion":null,"units":"mm","width":1,"boundingBox":{"minX":0},"layouts":["M"]}})");
  ASSERT_TRUE(metadata);
  EXPECT_EQ(
      R"({"filename":"a.dxf","format":"DXF","dwgVersion":null,"units":"mm","boundingBox":{"minX":0}})",
      *metadata);
  EXPECT_EQ(R"({"truncated":true})", older_metadata(R"({"metadata":{"truncated":true}})").value());
  for (const char* text : {"", "[]", "{}", R"({"metadata":[]})"})
    EXPECT_EQ(ErrorCode::integrity, older_metadata(text).error().code) << text;
}

}  // namespace
}  // namespace cad::jobs
