// SPDX-License-Identifier: Apache-2.0
// A rotation of the master key: every object's data key is wrapped anew, its chunks stay.
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "blobs/blob_store.hpp"
#include "secrets/key_ring.hpp"

namespace cad::blobs {

// KeyUse and rewrap_all() of the local store in `dir`; see ManagedStore.
Result<KeyUse> count_master_keys(const std::string& dir);

Result<Rewrapped> rewrap_local_store(const std::string& dir, const secrets::KeyRing& masters,
                                     const std::function<bool(std::size_t)>& go_on = {});

}  // namespace cad::blobs
