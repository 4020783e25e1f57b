// SPDX-License-Identifier: Apache-2.0
// AcDb:AcDsPrototype_1b (ODA chapter 24), from 2013 on: data that belongs to entities but is kept
// apart. The ACIS data of solids is here, by the handle of the entity, beside pictures of blocks.
#pragma once

#include <string>
#include <unordered_map>

#include "formats/dwg/loader.hpp"

namespace cad::dwg {

struct DataStorage {
  std::unordered_map<Handle, std::string> solids;  // binary ACIS data
  bool damaged = false;                            // something of it could not be read
};

// The solids take no more bytes together than the section has.
DataStorage parse_data_storage(Bytes section);

// Into Loader::solid_data(); before the entities.
void read_data_storage(Loader& loader);

}  // namespace cad::dwg
