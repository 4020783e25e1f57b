// SPDX-License-Identifier: Apache-2.0
#include "s3/xml.hpp"

#include <gtest/gtest.h>

namespace cad::s3 {
namespace {

TEST(S3Xml, reads_elements_and_text) {
  const auto root = parse_xml(
      "<?xml version=\"1.0\"?>\n<!-- c --><ListBucketResult xmlns=\"http://x/\">\n"
      "  <Contents><Key>a&amp;b&#x41;&#252;</Key><Size>7</Size></Contents>\n"
      "  <Contents><Key>b</Key></Contents><IsTruncated/>\n</ListBucketResult>\n");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->name, "ListBucketResult");
  ASSERT_EQ(root->children.size(), 3u);
  EXPECT_EQ(root->children[0].value("Key"), "a&bA\xc3\xbc");
  EXPECT_EQ(root->children[0].value("Size"), "7");
  EXPECT_EQ(root->children[0].value("Nothing"), "");
  EXPECT_EQ(root->children[2].name, "IsTruncated");
}

TEST(S3Xml, prefixes_of_names_are_passed_over) {
  EXPECT_EQ(parse_xml("<s:Error xmlns:s='x'><s:Code>C</s:Code></s:Error>")->value("Code"), "C");
}

TEST(S3Xml, what_is_not_whole_or_not_plain_is_refused) {
  for (const char* bad :
       {"", "text", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a>&x;</a>", "<a>&#0;</a>",
        "<a>&#xd800;</a>", "<a>&amp</a>", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "<a",
        "<!-- <a/>", "<html><body>Not Found", "<a/>tail", "< a/>", "<a><![CDATA[x]]></a>"}) {
    const auto parsed = parse_xml(bad);
    ASSERT_FALSE(parsed) << bad;
    EXPECT_EQ(parsed.error().code, ErrorCode::unavailable);
  }
}

TEST(S3Xml, depth_and_count_are_bounded) {
  std::string deep, many = "<r>";
  for (std::size_t i = 0; i <= kMostXmlDepth; ++i) deep += "<a>";
  for (std::size_t i = 0; i <= kMostXmlDepth; ++i) deep += "</a>";
  for (std::size_t i = 0; i < kMostXmlElements; ++i) many += "<a/>";
  EXPECT_FALSE(parse_xml(deep));
  EXPECT_FALSE(parse_xml(many + "</r>"));
}

TEST(S3Xml, escapes_what_would_be_markup) {
  const std::string odd = "<&>\"";
  EXPECT_EQ(parse_xml("<a>" + xml_escape(odd) + "</a>")->text, odd);
}

}  // namespace
}  // namespace cad::s3
