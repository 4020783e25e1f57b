// SPDX-License-Identifier: Apache-2.0
// Where a local store's files lie: dir/objects/<key>.obj and dir/tmp/<random>. No key holds a dot,
// so "a" and "a/b" can both be objects.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "blobs/blob_store.hpp"

namespace cad::blobs {

std::string objects_folder(const std::string& dir);
std::string temps_folder(const std::string& dir);

// INVALID_ARGUMENT for what is no key.
Result<std::string> object_path(const std::string& dir, const Key& key);
// BlobStore::walk(). What vanishes meanwhile is passed over.
Result<void> walk_objects(const std::string& dir, std::string_view prefix,
                          const BlobStore::Take& take);
// The object as it is stored, encrypted; NOT_FOUND.
Result<UniqueFd> open_stored_form(const std::string& dir, const Key& key, bool writable);

}  // namespace cad::blobs
