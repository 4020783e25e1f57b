// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "formats/dwg/version.hpp"

namespace cad::dwg::testing {

inline constexpr Version kEveryVersion[] = {Version::r13,   Version::r14,   Version::r2000,
                                            Version::r2004, Version::r2007, Version::r2010,
                                            Version::r2013, Version::r2018};

inline std::string name_of_version(const ::testing::TestParamInfo<Version>& of) {
  return std::string(code_of(of.param));
}

}  // namespace cad::dwg::testing
