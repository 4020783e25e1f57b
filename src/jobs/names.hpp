// SPDX-License-Identifier: Apache-2.0
// Names and times as the API prints them.
#pragma once

#include <string>
#include <string_view>

#include "store/records.hpp"

namespace cad::jobs {

std::string iso_time(store::UnixMs time);  // "2026-05-13T10:14:22.000Z"

// Bytes that are no UTF-8 become U+FFFD.
std::string valid_utf8(std::string_view text);

}  // namespace cad::jobs
