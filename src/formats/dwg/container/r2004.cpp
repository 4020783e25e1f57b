// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/container/sections.hpp"

namespace cad::dwg {

Result<Sections> open_r2004(Bytes, const FileHead&, const ContainerContext&) {
  return fail(ErrorCode::unsupported_version, "This release of DWG cannot be read yet.");
}

}  // namespace cad::dwg
