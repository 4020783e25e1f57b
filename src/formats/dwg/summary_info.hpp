// SPDX-License-Identifier: Apache-2.0
// AcDb:SummaryInfo: what the drawing says of itself (ODA chapter 13).
#pragma once

#include <string>

#include "formats/dwg/loader.hpp"

namespace cad::dwg {

struct SummaryInfo {
  std::string title, subject, author, keywords, comments, last_saved_by, revision_number,
      hyperlink_base;
  std::string created, modified;  // ISO 8601
  bool truncated = false;
};

SummaryInfo parse_summary_info(Bytes section, Loader& loader);

}  // namespace cad::dwg
