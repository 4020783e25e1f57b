// SPDX-License-Identifier: Apache-2.0
// A rotation of the master key: every object's data key is wrapped anew, its chunks stay.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/result.hpp"
#include "secrets/key_ring.hpp"

namespace cad::blobs {

// How many objects, half-written ones among them, are under which master key (id as text).
struct KeyUse {
  std::map<std::string, std::size_t> objects;
  std::size_t undecided = 0;  // a writer has just begun and may take any key of its ring
};
Result<KeyUse> count_master_keys(const std::string& dir);

struct Rewrapped {
  std::size_t objects = 0, changed = 0;
};
// Beside running servers that follow the same ring. Stopped anywhere, by a power cut too, every
// object is under its old or its new key; a second run does the rest. What is changed is durable
// when this returns. `go_on` is asked before each object with the count so far.
Result<Rewrapped> rewrap_local_store(const std::string& dir, const secrets::KeyRing& masters,
                                     const std::function<bool(std::size_t)>& go_on = {});

}  // namespace cad::blobs
