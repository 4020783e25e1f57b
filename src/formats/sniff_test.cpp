// SPDX-License-Identifier: Apache-2.0
// What a file is, by its content alone: every kind, whatever it pretends to be.
#include "formats/sniff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/testing/zip_writer.hpp"

namespace cad {
namespace {

using namespace std::string_literals;
using cad::testing::zip_of;
using cad::testing::ZipEntry;
using ::testing::HasSubstr;

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string verdict(std::string_view content) {
  const auto format = identify(bytes_of(content));
  return std::string(format ? (*format)->name : to_string(format.error().code));
}

std::string message(std::string_view content) {
  const auto format = identify(bytes_of(content));
  return format ? "" : format.error().message;
}

const std::string kDxf = "0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n";
const std::string kCompound = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s + std::string(504, '\0');

std::string dwfx() {
  return zip_of({{"_rels/.rels"},
                 {"[Content_Types].xml"},
                 {"FixedDocumentSequence.fdseq"},
                 {"dwf/documents/1/FixedDocument.fdoc"},
                 {"DWFDocumentSequence.dwfseq"}});
}

TEST(Sniff, S16_a_dwfx_is_a_package_with_a_dwf_sequence) {
  EXPECT_EQ(sniff(bytes_of(dwfx()))->name, "DWFX");
  EXPECT_EQ(verdict(dwfx()), "UNSUPPORTED_FORMAT");
  const std::string streamed = zip_of(
      {{"_rels/.rels", "abc", false, true}, {"DWFDocumentSequence.dwfseq", "def", false, true}});
  EXPECT_EQ(sniff(bytes_of(streamed))->name, "DWFX");
}

TEST(Sniff, S16_other_zips_are_no_drawings_whatever_is_inside_them) {
  const std::string inner = dwfx();
  for (const auto& entries : std::vector<std::vector<ZipEntry>>{
           {{"plan.txt"}},
           {{"[Content_Types].xml"}, {"xl/workbook.xml"}},
           {{"[Content_Types].xml"}, {"word/document.xml"}},
           {{"META-INF/MANIFEST.MF"}, {"A.class"}},
           {{"[Content_Types].xml"}, {"FixedDocumentSequence.fdseq"}, {"Documents/1/a.fdoc"}},
           {{"a.dwfx", inner}},                   // a DWFx inside is not one outside
           {{"a.dwfx", inner, false, true}},      // nor when its size comes late
           {{"notes about dwf/documents/1"}},     // a name that only holds the words
           {{"a.pdf", "%PDF-1.7\n"}, {"b.txt"}},  // stored within the first kilobyte
           {{"a.dxf", kDxf}},
           {{"bomb", std::string(60'000, '\0')}}}) {
    EXPECT_EQ(verdict(zip_of(entries)), "NOT_A_DRAWING") << entries[0].name;
    EXPECT_THAT(message(zip_of(entries)), HasSubstr("an archive"));
  }
}

TEST(Sniff, S16_a_broken_zip_is_no_drawing_and_no_trouble) {
  const std::string whole = zip_of({{"dwf/documents/1", "abc", false, true}, {"more"}});
  for (std::size_t size = 0; size < whole.size(); ++size) (void)verdict(whole.substr(0, size));
  for (std::size_t at = 4; at < 30; ++at) {
    std::string bad = zip_of({{"name"}, {"more"}});
    bad[at] = '\xff';
    EXPECT_EQ(verdict(bad), "NOT_A_DRAWING") << at;
  }
}

TEST(Sniff, S16_protected_drawings_are_refused_as_such) {
  const std::string protected_dwfx =
      zip_of({{"_rels/.rels"}, {"DWFDocumentSequence.dwfseq", "abc", true}});
  const std::string protected_dwf = "(DWF V06.00)" + zip_of({{"manifest.xml", "abc", true}});
  std::string protected_dwg = "AC1032"s + std::string(0x7a, '\0');
  protected_dwg[0x18] = 1;
  for (const std::string& content :
       {protected_dwfx, protected_dwf, protected_dwg, "%PDF-1.6\n1 0 obj <</Encrypt 5 0 R>>\n"s,
        "%PDF-1.6\n1 0 obj <</Encrypt<</V 4>>>>\n"s}) {
    EXPECT_EQ(verdict(content), "ENCRYPTED_DRAWING") << content.substr(0, 12);
    EXPECT_THAT(message(content), HasSubstr("password"));
  }
  EXPECT_EQ(verdict("%PDF-1.6\n(/EncryptMetadata, /Encrypted)"), "UNSUPPORTED_FORMAT");
  EXPECT_EQ(verdict(zip_of({{"secret.txt", "abc", true}})), "NOT_A_DRAWING");
}

TEST(Sniff, S16_dwf_of_either_kind_and_its_sheets) {
  for (const std::string& content : {"(DWF V06.00)" + zip_of({{"manifest.xml"}}), "(DWF V06.20)PK"s,
                                     "(DWF V00.55)\x02\x01"s, "(W2D V06.00)\r\n"s})
    EXPECT_EQ(sniff(bytes_of(content))->name, "DWF") << content.substr(0, 12);
  for (const char* content :
       {"(DWF V06.0", "(DWF Vxx.00)", "(DWF is fine)", "(W2D V0600)  ", "(DWF"})
    EXPECT_EQ(verdict(content), "NOT_A_DRAWING") << content;
}

TEST(Sniff, S16_dgn_of_either_dimension_and_v8_told_apart) {
  EXPECT_EQ(sniff(bytes_of("\x08\x09\xFE\x02\x01\x08"))->name, "DGN");
  EXPECT_EQ(sniff(bytes_of("\xC8\x09\xFE\x02\x01\x08"))->name, "DGN");
  EXPECT_EQ(verdict("\x08\x05\xFE\x02\x01\x08"), "NOT_A_DRAWING");
  const std::string v8 = kCompound + "D\0g\0n\0~\0H\0"s;
  EXPECT_EQ(sniff(bytes_of(v8))->name, "DGN V8");
  EXPECT_EQ(verdict(v8), "UNSUPPORTED_FORMAT");
  EXPECT_THAT(message(v8), HasSubstr("save it as DXF or DWG"));
  const std::string word = kCompound + "W\0o\0r\0d\0D\0o\0c\0"s;
  EXPECT_EQ(verdict(word), "NOT_A_DRAWING");
  EXPECT_THAT(message(word), HasSubstr("If it is a DGN V8 drawing"));
}

TEST(Sniff, S16_the_beginning_decides_what_a_polyglot_is) {
  const std::string pdf = "%PDF-1.4\n1 0 obj\n";
  EXPECT_EQ(sniff(bytes_of("\n\n junk \n" + pdf))->name, "PDF");
  EXPECT_EQ(verdict(std::string(1020, ' ') + pdf), "NOT_A_DRAWING");
  for (const std::string& first :
       {"GIF89a"s, "\x89PNG\r\n\x1a\n"s, "\xFF\xD8\xFF\xE0"s, "<html>\n"s, "MZ\x90"s,
        "\x7F"
        "ELF"s,
        "#!/bin/sh\n"s, "\x1F\x8B\x08"s, "%!PS-Adobe\n"s}) {
    EXPECT_EQ(verdict(first + "\n" + kDxf), "NOT_A_DRAWING") << first;
    EXPECT_EQ(verdict(first + "\n" + pdf), "NOT_A_DRAWING") << first;
  }
  EXPECT_EQ(verdict(zip_of({{"a.pdf", pdf}})), "NOT_A_DRAWING");
  // A DXF is what begins as one; what follows is for its reader to judge.
  EXPECT_EQ(verdict(kDxf + dwfx()), "DXF");
  // A broken group is no DXF; what stands before a PDF's header is junk to a reader of PDF.
  EXPECT_EQ(verdict("999\n" + pdf + "0\nSECTION\n"), "UNSUPPORTED_FORMAT");
  EXPECT_EQ(verdict("999\n%PDF-1.4 in a comment\n" + kDxf), "DXF");
  EXPECT_EQ(verdict("0\nLINE\n1\n%PDF-1.4 in a text\n"), "DXF");
  EXPECT_EQ(verdict("999\n<script>\n" + kDxf), "DXF");
}

TEST(Sniff, S16_comments_do_not_hide_a_dxf) {
  std::string comments;
  while (comments.size() < 30'000) comments += "999\nmade by hand\n";
  EXPECT_EQ(verdict(comments + kDxf), "DXF");
}

TEST(Sniff, S16_what_is_often_sent_by_mistake_is_explained) {
  EXPECT_THAT(message("\x89PNG\r\n\x1a\n"), HasSubstr("a picture"));
  EXPECT_THAT(message("<!DOCTYPE html><html>"), HasSubstr("a web page"));
  EXPECT_THAT(message("%!PS-Adobe-3.0"), HasSubstr("PostScript"));
  EXPECT_THAT(message("\x7F"
                      "ELF"),
              HasSubstr("a program"));
  EXPECT_THAT(message("hello"), HasSubstr("Readable: DXF, DWG"));
}

}  // namespace
}  // namespace cad
