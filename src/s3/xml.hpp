// SPDX-License-Identifier: Apache-2.0
// What S3 answers with: small, flat XML. Elements and text only; attributes are passed over,
// document types and whatever could grow or lead elsewhere are refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cad::s3 {

struct Element {
  std::string name;  // without a prefix
  std::string text;  // its own, children's excluded
  std::vector<Element> children;

  // The text of the first child of that name; empty: there is none.
  std::string_view value(std::string_view child) const;
};

inline constexpr std::size_t kMostXmlBytes = 4u << 20;
inline constexpr std::size_t kMostXmlElements = 50'000;
inline constexpr std::size_t kMostXmlDepth = 16;

// The root element. UNAVAILABLE: it is no such document (the server, or what is in its place, does
// not speak S3).
Result<Element> parse_xml(std::string_view text);
std::string xml_escape(std::string_view text);

}  // namespace cad::s3
