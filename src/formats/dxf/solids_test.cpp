// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/solids.hpp"

#include <gtest/gtest.h>

#include "formats/acad/acis.hpp"
#include "formats/dxf/reader_test.hpp"

namespace cad::dxf {
namespace {

TEST(DxfSolid, MissingCornersRepeatTheLast) {
  const Read read =
      read_entities(groups("0 SOLID\n8 0\n10 1\n20 1\n11 2\n21 1\n12 1\n22 2\n"
                           "0 TRACE\n8 0\n10 1\n20 1\n11 2\n21 1\n12 1\n22 2\n13 2\n23 2\n"));
  const auto& solid = first<Solid>(read);
  EXPECT_EQ(solid.corners[2], (Vec3{1, 2, 0}));
  EXPECT_EQ(solid.corners[3], (Vec3{1, 2, 0}));
  EXPECT_EQ(type_name(read.model()[0]), "SOLID");
  EXPECT_EQ(type_name(read.model()[1]), "TRACE");
  EXPECT_EQ(std::get<Solid>(read.model()[1].geometry).corners[3], (Vec3{2, 2, 0}));
}

TEST(DxfFace, KeepsInvisibleEdges) {
  const Read read = read_entities(groups("0 3DFACE\n8 0\n10 1\n11 2\n12 3\n13 4\n33 5\n70 9\n"));
  EXPECT_EQ(first<Solid>(read).kind, Solid::Kind::face3d);
  EXPECT_EQ(first<Solid>(read).invisible_edges, 9);
  EXPECT_EQ(first<Solid>(read).corners[3], (Vec3{4, 0, 5}));
}

constexpr std::string_view kTetrahedron = R"(
    0 MESH
    100 AcDbEntity
    8 0
    100 AcDbSubDMesh
    71 2
    72 1
    91 3
    92 4
    10 0
    20 0
    30 0
    10 1
    20 0
    30 0
    10 0
    20 1
    30 0
    10 0
    20 0
    30 1
)";

Read mesh(std::string_view rest) {
  return read_entities(groups(std::string(kTetrahedron) + std::string(rest)));
}

TEST(DxfMesh, ReadsItsLists) {
  const Read read = mesh(
      "93 9\n90 3\n90 0\n90 1\n90 2\n90 4\n90 0\n90 1\n90 3\n90 2\n94 2\n90 0\n90 1\n90 1\n90 2\n"
      "95 2\n140 0\n140 2.5\n90 1\n91 3\n92 1\n90 0\n");
  const auto& m = first<Mesh>(read);
  EXPECT_EQ(m.subdivision_level, 3u);
  EXPECT_TRUE(m.blend_crease);
  EXPECT_EQ(m.vertices.size(), 4u);
  EXPECT_EQ(m.vertices[3], (Vec3{0, 0, 1}));
  EXPECT_EQ(m.faces, (std::vector<std::vector<std::uint32_t>>{{0, 1, 2}, {0, 1, 3, 2}}));
  EXPECT_EQ(m.edges, (std::vector<std::array<std::uint32_t, 2>>{{0, 1}, {1, 2}}));
  EXPECT_EQ(m.creases, (std::vector<double>{0, 2.5}));
  EXPECT_EQ(read.diagnostic("MESH_DAMAGED"), nullptr);
}

TEST(DxfMesh, FacesMustHaveTheirVertices) {
  const Read outside =
      mesh("93 8\n90 3\n90 0\n90 1\n90 2\n90 3\n90 0\n90 1\n90 4\n94 1\n90 0\n90 -1\n");
  EXPECT_EQ(first<Mesh>(outside).faces.size(), 1u);
  EXPECT_TRUE(first<Mesh>(outside).edges.empty());
  EXPECT_NE(outside.diagnostic("MESH_DAMAGED"), nullptr);
  const Read huge = mesh("93 4000000000\n90 4000000000\n90 0\n90 1\n90 2\n");
  EXPECT_TRUE(first<Mesh>(huge).faces.empty());
  const Read longer = mesh("93 4\n90 7\n90 0\n90 1\n90 2\n");
  EXPECT_TRUE(first<Mesh>(longer).faces.empty());
  EXPECT_NE(longer.diagnostic("MESH_DAMAGED"), nullptr);
}

TEST(DxfAcis, DeciphersTheText) {
  std::string out;
  acad::decipher_sat("ni ^*+0;:,4", out);
  EXPECT_EQ(out, "16 Autodesk");
}

TEST(DxfAcis, UndoesTheEscapedCaretsOfAsciiFiles) {
  const Read read = read_entities(
      groups("0 BODY\n100 AcDbEntity\n8 0\n100 AcDbModelerGeometry\n1 ni ^ *+0;:,4 ^  n\n"));
  EXPECT_EQ(first<AcisBody>(read).sat, "16 Autodesk A 1");
}

// Either way of cutting a long line: 1 then 3, or 3 then 1. 'z' is an enciphered '%'.
TEST(DxfAcis, JoinsTheLinesThatWereCut) {
  const std::string full(255, 'z'), plain(255, '%');
  const std::string head =
      "0 3DSOLID\n100 AcDbEntity\n8 0\n100 AcDbModelerGeometry\n70 1\n1 koo nnm\n";
  const Read one_three = read_entities(groups(head + "1 " + full + "\n3 zz\n1 |\n"));
  EXPECT_EQ(first<AcisBody>(one_three).sat, "400 112\n" + plain + "%%\n#");
  EXPECT_EQ(first<AcisBody>(one_three).type, "3DSOLID");
  EXPECT_FALSE(first<AcisBody>(one_three).is_external);
  const Read three_one = read_entities(groups(head + "3 " + full + "\n1 zz\n1 |\n"));
  EXPECT_EQ(first<AcisBody>(three_one).sat, "400 112\n" + plain + "%%\n#");
  const Read empty_end = read_entities(groups(head + "3 " + full + "\n1 \n1 |\n"));
  EXPECT_EQ(first<AcisBody>(empty_end).sat, "400 112\n" + plain + "\n#");
}

TEST(DxfAcis, WireframesCountAsVertices) {
  Limits limits;
  limits.max_total_vertices = 101;
  const Read sphere =
      read_entities(groups("0 BODY\n8 0\n100 AcDbModelerGeometry\n1 koo o n o\n1 n\n1 n\n"
                           "1 9><: {rn {rn {rn {rn {rn {n 90-(>-; ,6183: |\n"
                           "1 ,/7:-:r,*-9><: {rn o o o j n o o o o n 90-(>-;@) V V V V |\n"),
                    limits);
  EXPECT_EQ(first<AcisBody>(sphere).edges.size(), 50u);
  EXPECT_NE(sphere.diagnostic("LIMIT_VERTICES"), nullptr);
}

TEST(DxfAcis, NamesDataThatIsElsewhere) {
  const Read read = read_entities(
      groups("0 REGION\n100 AcDbEntity\n8 0\n100 AcDbModelerGeometry\n290 1\n2 {3b0eb882-65ed}\n"));
  EXPECT_TRUE(first<AcisBody>(read).is_external);
  EXPECT_EQ(first<AcisBody>(read).uid, "{3b0eb882-65ed}");
  EXPECT_EQ(type_name(read.model()[0]), "REGION");
}

// A straight edge in the binary form, as the file's data storage keeps it.
constexpr std::string_view kStored =
    "41434953204269 6E61727946696C65 00000000000000000000000000000000 0D0465646765 0CFFFFFFFF "
    "0C01000000 0C02000000 0CFFFFFFFF 0C03000000 0B 11 0D06766572746578 0C04000000 11 "
    "0D06766572746578 0C05000000 11 0E087374726169676874 0D056375727665 11 0D05706F696E74 "
    "13000000000000F03F00000000000000000000000000000000 11 0D05706F696E74 "
    "130000000000000040000000000000000000000000000008C0 11";

TEST(DxfAcis, FindsStoredDataByHandle) {
  std::string hex(kStored);
  std::erase(hex, ' ');
  const std::string half = hex.substr(0, 100), rest = hex.substr(100);
  const Read read = read_text(
      groups("0 SECTION\n2 ENTITIES\n0 3DSOLID\n5 D65\n100 AcDbEntity\n8 0\n"
             "100 AcDbModelerGeometry\n290 1\n2 {1a}\n0 ENDSEC\n0 SECTION\n2 ACDSDATA\n70 2\n"
             "0 ACDSSCHEMA\n90 1\n2 ASM_Data\n101 ACDSRECORD\n95 1\n0 ACDSRECORD\n90 1\n"
             "2 AcDbDs::ID\n280 10\n320 D65\n2 ASM_Data\n280 15\n94 4000000000\n310 " +
             half + "\n310 " + rest + "\n0 ACDSRECORD\n2 Thumbnail_Data\n320 D65\n310 8950\n" +
             "0 ENDSEC\n0 EOF\n"));
  const auto& body = first<AcisBody>(read);
  EXPECT_EQ(body.sab.size(), hex.size() / 2);
  ASSERT_EQ(body.edges.size(), 1u);
  EXPECT_EQ(body.edges[0][0], (Vec3{1, 0, 0}));
  EXPECT_EQ(body.edges[0][1], (Vec3{2, 0, -3}));
}

}  // namespace
}  // namespace cad::dxf
