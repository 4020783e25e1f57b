// SPDX-License-Identifier: Apache-2.0
// All formats, one row each. The order is the order of asking.
#include <array>

#include "formats/dwg/format.hpp"
#include "formats/dxf/format.hpp"
#include "formats/format.hpp"
#include "formats/sniff.hpp"

namespace cad {
namespace {

constexpr std::string_view kExportAdvice =
    "open it in the program that made it and save it as DXF or DWG";

constexpr std::array kFormats{
    Format{FormatId::dxf, "DXF", "dxf", "image/vnd.dxf",
           "R9 to 2018+ (AC1004-AC1032), ASCII and binary", dxf::sniff, dxf::read, "", nullptr,
           false},
    Format{FormatId::dwg, "DWG", "dwg dwt dws", "image/vnd.dwg", "R13 to 2018+ (AC1012-AC1032)",
           dwg::sniff, dwg::read, "", dwg::admit, false},
    Format{FormatId::dwf, "DWF", "dwf", "model/vnd.dwf", "", sniff_dwf, nullptr, kExportAdvice,
           admit_dwf, false},
    Format{FormatId::dwfx, "DWFX", "dwfx", "model/vnd.dwfx+xps", "", sniff_dwfx, nullptr,
           kExportAdvice, admit_dwfx, false},
    Format{FormatId::dgn, "DGN", "dgn", "image/vnd.dgn", "", sniff_dgn_v7, nullptr, kExportAdvice,
           nullptr, false},
    Format{FormatId::dgn, "DGN V8", "dgn", "image/vnd.dgn", "", sniff_dgn_v8, nullptr,
           kExportAdvice, nullptr, false},
    Format{FormatId::pdf, "PDF", "pdf", "application/pdf", "", sniff_pdf, nullptr, kExportAdvice,
           admit_pdf, false},
};

}  // namespace

std::span<const Format> formats() { return kFormats; }

}  // namespace cad
