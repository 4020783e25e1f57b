// SPDX-License-Identifier: Apache-2.0
// HEADER, TABLES, BLOCKS and OBJECTS.
#include <gtest/gtest.h>

#include "formats/dxf/reader_test.hpp"

namespace cad::dxf {
namespace {

Read read_header(const std::string& groups) {
  return read_text("0\nSECTION\n2\nHEADER\n" + groups + "0\nENDSEC\n0\nEOF\n");
}

Read read_table(const std::string& records, const std::string& header = {}) {
  return read_text("0\nSECTION\n2\nHEADER\n" + header + "0\nENDSEC\n0\nSECTION\n2\nTABLES\n" +
                   records + "0\nENDSEC\n0\nEOF\n");
}

TEST(DxfHeader, FillsWhatTheResultNeeds) {
  const Read read = read_header(
      "9\n$ACADVER\n1\nAC1015\n9\n$DWGCODEPAGE\n3\nANSI_1251\n9\n$INSUNITS\n70\n5\n9\n$"
      "LTSCALE\n40\n2.5\n"
      "9\n$EXTMIN\n10\n1e20\n20\n1e20\n30\n1e20\n9\n$EXTMAX\n10\n3\n20\n4\n30\n5\n9\n$"
      "PDMODE\n70\n34\n"
      "9\n$LASTSAVEDBY\n1\n\xCF\xEB\n");
  const Drawing& d = read.drawing;
  EXPECT_EQ(d.version, "AC1015");
  EXPECT_EQ(d.codepage, "ANSI_1251");
  EXPECT_EQ(d.units, Units::cm);
  EXPECT_EQ(d.header.ltscale, 2.5);
  EXPECT_EQ(d.header.extmin.x, 1e20);
  EXPECT_EQ(d.header.extmax, (Vec3{3, 4, 5}));
  EXPECT_EQ(d.header.pdmode, 34);
  EXPECT_EQ(d.header.last_saved_by, "\u041F\u043B");
  EXPECT_TRUE(read.diagnostics.all().empty());
}

TEST(DxfHeader, TurnsJulianDatesIntoCalendarDates) {
  EXPECT_EQ(read_header("9\n$TDUCREATE\n40\n2440588.0\n").drawing.header.created,
            "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(read_header("9\n$TDUCREATE\n40\n2451545.5\n").drawing.header.created,
            "2000-01-01T12:00:00.000Z");
  EXPECT_EQ(read_header("9\n$TDUCREATE\n40\n2451604.999999999\n").drawing.header.created,
            "2000-03-01T00:00:00.000Z");
  EXPECT_EQ(read_header("9\n$TDCREATE\n40\n2456718.25\n").drawing.header.created.substr(0, 19),
            "2014-03-01T06:00:00");
  EXPECT_EQ(read_header("9\n$TDUCREATE\n40\n0.0\n").drawing.header.created, "");
  EXPECT_EQ(read_header("9\n$TDUCREATE\n40\n1e300\n").drawing.header.created, "");
}

TEST(DxfHeader, SaysWhenTheCodePageIsUnknown) {
  EXPECT_TRUE(read_header("9\n$DWGCODEPAGE\n3\nKLINGON\n").diagnostic("DXF_UNKNOWN_CODE_PAGE"));
  EXPECT_FALSE(read_header("9\n$DWGCODEPAGE\n3\nUNDEFINED\n").diagnostic("DXF_UNKNOWN_CODE_PAGE"));
}

TEST(DxfTables, ReadLayers) {
  const Read read = read_table(
      "0\nTABLE\n2\nLAYER\n70\n3\n"
      "0\nLAYER\n5\n10\n2\n0\n70\n0\n62\n7\n6\nContinuous\n"
      "0\nLAYER\n5\n11\n2\nWalls\n70\n5\n62\n-3\n420\n255\n6\nDASHED\n290\n0\n370\n50\n"
      "1001\nAcCmTransparency\n1071\n33554559\n"
      "0\nLAYER\n5\n12\n2\nWALLS\n70\n0\n62\n1\n0\nLAYER\n62\n1\n0\nENDTAB\n");
  const Drawing& d = read.drawing;
  ASSERT_EQ(d.layers.size(), 2u);
  const Layer& walls = d.layers[1];
  EXPECT_EQ(walls.name, "Walls");
  EXPECT_EQ(walls.handle, 0x11u);
  EXPECT_TRUE(walls.off);
  EXPECT_TRUE(walls.frozen);
  EXPECT_TRUE(walls.locked);
  EXPECT_FALSE(walls.plottable);
  EXPECT_EQ(walls.color.index, 3);
  EXPECT_EQ(walls.color.kind, Color::Kind::rgb);
  EXPECT_EQ(walls.color.rgb, (Rgb{0, 0, 255}));
  EXPECT_EQ(walls.lineweight, 50);
  EXPECT_EQ(walls.alpha, 127);
  EXPECT_EQ(d.at(walls.linetype).name, "DASHED");
  EXPECT_TRUE(d.at(walls.linetype).implicit);
  EXPECT_FALSE(walls.implicit);
  EXPECT_TRUE(read.diagnostic("DXF_DUPLICATE_NAME"));
  EXPECT_TRUE(read.diagnostic("DXF_UNNAMED_RECORD"));
}

TEST(DxfTables, ReadLinetypesWithTheStyleThatComesLater) {
  const Read read = read_table(
      "0\nTABLE\n2\nLTYPE\n0\nLTYPE\n5\n1\n2\nByLayer\n0\nLTYPE\n5\n2\n2\nGAS\n3\n--GAS--"
      "\n73\n2\n40\n1\n"
      "49\n0.5\n74\n0\n49\n-0.25\n74\n2\n75\n0\n340\n30\n46\n0.1\n50\n45\n44\n-0.1\n45\n-0."
      "05\n9\nGAS\n"
      "0\nENDTAB\n0\nTABLE\n2\nSTYLE\n0\nSTYLE\n5\n30\n2\nStandard\n3\ntxt.shx\n41\n0.8\n"
      "1001\nACAD\n1000\nArial\n1071\n50331682\n0\nENDTAB\n");
  const Drawing& d = read.drawing;
  ASSERT_EQ(d.linetypes.size(), 1u);
  const Linetype& gas = d.linetypes[0];
  EXPECT_EQ(gas.description, "--GAS--");
  ASSERT_EQ(gas.elements.size(), 2u);
  EXPECT_EQ(gas.elements[0].length, 0.5);
  const LinetypeElement& text = gas.elements[1];
  EXPECT_EQ(text.flags, 2);
  EXPECT_EQ(text.text, "GAS");
  EXPECT_EQ(text.rotation_deg, 45);
  ASSERT_TRUE(text.style.valid());
  const TextStyle& style = d.at(text.style);
  EXPECT_EQ(style.font_file, "txt.shx");
  EXPECT_EQ(style.width_factor, 0.8);
  EXPECT_EQ(style.font_family, "Arial");
  EXPECT_TRUE(style.bold);
  EXPECT_TRUE(style.italic);
}

TEST(DxfTables, ReadDimensionStyles) {
  const Read read = read_table(
      "0\nTABLE\n2\nSTYLE\n0\nSTYLE\n5\n30\n2\nRomans\n0\nENDTAB\n0\nTABLE\n2\nDIMSTYLE\n"
      "0\nDIMSTYLE\n105\n27\n2\nISO-25\n3\n<> "
      "mm\n40\n2\n41\n2.5\n140\n3.5\n147\n0.625\n271\n2\n178\n1\n340\n30\n"
      "0\nDIMSTYLE\n105\n28\n2\nByName\n340\nromans\n0\nENDTAB\n");
  ASSERT_EQ(read.drawing.dim_styles.size(), 2u);
  const DimStyle& style = read.drawing.dim_styles[0];
  EXPECT_EQ(style.handle, 0x27u);
  EXPECT_EQ(style.post, "<> mm");
  EXPECT_EQ(style.scale, 2);
  EXPECT_EQ(style.text_height, 3.5);
  EXPECT_EQ(style.decimal_places, 2);
  EXPECT_EQ(style.text_color, Color::aci(1));
  EXPECT_EQ(read.drawing.at(style.text_style).name, "Romans");
  EXPECT_EQ(read.drawing.dim_styles[1].text_style, style.text_style);
  EXPECT_FALSE(read.diagnostic("DXF_BAD_HANDLE"));
}

TEST(DxfText, IsDecodedByVersionAndCodePage) {
  const auto layer_name = [](const std::string& header, const std::string& name) {
    return read_table("0\nTABLE\n2\nLAYER\n0\nLAYER\n2\n" + name + "\n0\nENDTAB\n", header)
        .drawing.layers.at(0)
        .name;
  };
  const std::string page = "9\n$DWGCODEPAGE\n3\nANSI_932\n";
  EXPECT_EQ(layer_name("9\n$ACADVER\n1\nAC1015\n" + page, "\x90\x7D"), "\u56F3");
  EXPECT_EQ(layer_name("9\n$ACADVER\n1\nAC1021\n" + page, "\u56F3"), "\u56F3");
  EXPECT_EQ(layer_name("9\n$ACADVER\n1\nAC1021\n" + page, "\x90\x7D"), "\u56F3");  // damaged
  EXPECT_EQ(layer_name("9\n$ACADVER\n1\nAC1009\n", "\xC4"), "\u00C4");
  EXPECT_EQ(layer_name("", "\u56F3"), "\u56F3");  // states nothing: UTF-8 where it is valid
  EXPECT_EQ(layer_name("", "\\U+56F3"), "\u56F3");
}

std::string with_layouts(const std::string& layouts) {
  return "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n0\nENDSEC\n0\nSECTION\n2\nTABLES\n"
         "0\nTABLE\n2\nBLOCK_RECORD\n0\nBLOCK_RECORD\n5\n1F\n2\n*Model_Space\n340\n22\n"
         "0\nBLOCK_RECORD\n5\n1B\n2\n*Paper_Space\n340\n1E\n0\nBLOCK_RECORD\n5\n2B\n2\n*Paper_"
         "Space0\n"
         "0\nENDTAB\n0\nENDSEC\n0\nSECTION\n2\nBLOCKS\n0\nBLOCK\n330\n1F\n2\n*Model_"
         "Space\n0\nENDBLK\n"
         "0\nBLOCK\n330\n1B\n2\n*Paper_Space\n0\nENDBLK\n0\nBLOCK\n330\n2B\n2\n*Paper_Space0\n"
         "0\nPOINT\n330\n2B\n8\n0\n0\nENDBLK\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n"
         "0\nLINE\n5\n50\n330\n1F\n8\n0\n0\nCIRCLE\n5\n51\n330\n1B\n67\n1\n8\n0\n0\nARC\n67\n1\n410"
         "\nPlan B\n8\n0\n"
         "0\nENDSEC\n0\nSECTION\n2\nOBJECTS\n" +
         layouts + "0\nENDSEC\n0\nEOF\n";
}

std::string layout(const std::string& handle, const std::string& name, int order,
                   const std::string& record) {
  return "0\nLAYOUT\n5\n" + handle +
         "\n330\n1A\n100\nAcDbPlotSettings\n44\n297.0\n45\n210.0\n100\n"
         "AcDbLayout\n1\n" +
         name + "\n71\n" + std::to_string(order) + "\n330\n" + record + "\n";
}

TEST(DxfLayouts, AreOrderedAndHoldTheirEntities) {
  const Read read =
      read_text(with_layouts(layout("1E", "Plan A", 2, "1B") + layout("22", "Model", 0, "1F") +
                             layout("2E", "Plan B", 1, "2B")));
  const Drawing& d = read.drawing;
  ASSERT_EQ(d.layouts.size(), 3u);
  EXPECT_TRUE(d.layouts[0].is_model);
  EXPECT_EQ(d.layouts[1].name, "Plan B");
  EXPECT_EQ(d.layouts[2].name, "Plan A");
  EXPECT_EQ(d.layouts[2].paper_width_mm, 297);
  EXPECT_EQ(d.at(d.layouts[0].block).entities.size(), 1u);
  const auto& b = d.at(d.layouts[1].block).entities;
  ASSERT_EQ(b.size(), 2u);  // one by its block, one by the layout's name
  EXPECT_EQ(type_name(b[1]), "ARC");
  EXPECT_TRUE(b[1].paper_space);
  const auto& a = d.at(d.layouts[2].block).entities;
  ASSERT_EQ(a.size(), 1u);
  EXPECT_EQ(type_name(a[0]), "CIRCLE");
  EXPECT_TRUE(read.diagnostics.all().empty());
}

TEST(DxfLayouts, AreRepairedWhereTheirBlockIsUnknown) {
  const Read read =
      read_text(with_layouts(layout("22", "Model", 0, "1F") + layout("AA", "Plan A", 1, "DEAD") +
                             layout("AB", "Plan B", 2, "1B")));
  const Drawing& d = read.drawing;
  ASSERT_EQ(d.layouts.size(), 3u);
  EXPECT_EQ(d.layouts[1].name, "Plan A");
  EXPECT_EQ(d.at(d.layouts[1].block).name, "*Paper_Space0");
  EXPECT_TRUE(read.diagnostic("DXF_LAYOUT_REPAIRED"));
}

TEST(DxfLayouts, AreMadeWhereTheFileHasNone) {
  const Read read = read_text(with_layouts(""));
  const Drawing& d = read.drawing;
  ASSERT_EQ(d.layouts.size(), 3u);
  EXPECT_EQ(d.layouts[0].name, "Model");
  EXPECT_EQ(d.layouts[1].name, "Layout1");
  EXPECT_EQ(d.at(d.layouts[1].block).name, "*Paper_Space");
  EXPECT_EQ(d.layouts[2].name, "*Paper_Space0");
  const Read r12 = read_entities("0\nLINE\n67\n1\n8\n0\n0\nLINE\n8\n0\n");
  ASSERT_EQ(r12.drawing.layouts.size(), 2u);
  EXPECT_EQ(r12.drawing.at(r12.drawing.layouts[1].block).entities.size(), 1u);
}

TEST(DxfObjects, GiveTheRealNamesOfDynamicBlocks) {
  const Read read = read_text(
      "0\nSECTION\n2\nTABLES\n0\nTABLE\n2\nBLOCK_RECORD\n0\nBLOCK_RECORD\n5\n30\n2\nDesk\n"
      "0\nBLOCK_RECORD\n5\n31\n2\n*U1\n1001\nAcDbBlockRepETag\n1070\n1\n1005\n30\n"
      "0\nBLOCK_RECORD\n5\n32\n2\n*U2\n0\nENDTAB\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n"
      "0\nINSERT\n5\n40\n102\n{ACAD_XDICTIONARY\n360\n60\n102\n}\n8\n0\n2\n*U2\n0\nENDSEC\n"
      "0\nSECTION\n2\nOBJECTS\n0\nDICTIONARY\n5\n60\n100\nAcDbDictionary\n3\nAcDbBlockRepresentatio"
      "n\n360\n61\n"
      "3\nNOTE\n360\n63\n0\nDICTIONARY\n5\n61\n3\nAcDbRepData\n360\n62\n"
      "0\nACDB_BLOCKREPRESENTATION_DATA\n5\n62\n70\n1\n340\n30\n"
      "0\nXRECORD\n5\n63\n100\nAcDbXrecord\n280\n1\n1\nhello\n40\n1.5\n90\n-"
      "7\n0\nENDSEC\n0\nEOF\n");
  const Drawing& d = read.drawing;
  for (const Block& block : d.blocks)
    EXPECT_EQ(block.dynamic_name, block.name.starts_with("*U") ? "Desk" : "") << block.name;
  const Extra& extra = d.at(read.model().at(0).extra);
  ASSERT_EQ(extra.extension.size(), 2u);
  EXPECT_EQ(extra.extension[0].key, "AcDbBlockRepresentation/AcDbRepData");
  EXPECT_EQ(extra.extension[0].value, "Desk");
  EXPECT_EQ(extra.extension[1].key, "NOTE");
  EXPECT_EQ(extra.extension[1].value, "1=hello; 40=1.5; 90=-7");
}

TEST(DxfObjects, FillDefinitionsAndDrawOrder) {
  const Read read = read_text(
      "0\nSECTION\n2\nTABLES\n0\nTABLE\n2\nBLOCK_RECORD\n0\nBLOCK_RECORD\n5\n1F\n2\n*Model_"
      "Space\n0\nENDTAB\n"
      "0\nENDSEC\n0\nSECTION\n2\nOBJECTS\n0\nIMAGEDEF\n5\n70\n1\nphoto.png\n10\n640\n20\n480\n"
      "0\nPDFDEFINITION\n5\n71\n1\nplan.pdf\n2\n3\n"
      "0\nMLINESTYLE\n5\n72\n2\nWALL\n70\n3\n62\n5\n51\n90\n52\n45\n71\n2\n49\n0."
      "5\n62\n1\n6\nBYLAYER\n49\n-0.5\n62\n256\n"
      "0\nSORTENTSTABLE\n5\n73\n330\n99\n100\nAcDbSortentsTable\n330\n1F\n331\n50\n5\n51\n331\n51\n"
      "5\n50\n"
      "0\nENDSEC\n0\nEOF\n");
  const Drawing& d = read.drawing;
  ASSERT_EQ(d.image_defs.size(), 1u);
  EXPECT_EQ(d.image_defs[0].path, "photo.png");
  EXPECT_EQ(d.image_defs[0].size_px, (Vec2{640, 480}));
  ASSERT_EQ(d.underlay_defs.size(), 1u);
  EXPECT_EQ(d.underlay_defs[0].page, "3");
  ASSERT_EQ(d.mline_styles.size(), 1u);
  EXPECT_EQ(d.mline_styles[0].fill_color, Color::aci(5));
  ASSERT_EQ(d.mline_styles[0].elements.size(), 2u);
  EXPECT_EQ(d.mline_styles[0].elements[0].color, Color::aci(1));
  EXPECT_EQ(d.at(d.layouts[0].block).draw_order,
            (std::vector<std::pair<Handle, Handle>>{{0x51, 0x50}, {0x50, 0x51}}));
}

}  // namespace
}  // namespace cad::dxf
