// SPDX-License-Identifier: Apache-2.0
#include "blobs/blob_store.hpp"

namespace cad::blobs {

secrets::KeyPlace master_key_place(const std::string& dir) {
  return {"CADLENS_MASTER_KEY", dir + "/master.key", "master key id", "The master key"};
}

}  // namespace cad::blobs
