// SPDX-License-Identifier: Apache-2.0
// A rotation of the master key: every object's data key is wrapped anew, its chunks stay.
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "blobs/blob_store.hpp"
#include "secrets/key_ring.hpp"

namespace cad::blobs {

// Of the local store in `dir`, whose objects are `objects`; see ManagedStore.
Result<KeyUse> count_half_written(const std::string& dir);
Result<void> count_written(const std::string& dir, const std::vector<Aged>& objects, KeyUse& use);
Result<Rewrapped> rewrap_objects(const std::string& dir, const std::vector<Aged>& objects,
                                 const secrets::KeyRing& masters,
                                 const std::function<bool(std::size_t)>& go_on);

}  // namespace cad::blobs
