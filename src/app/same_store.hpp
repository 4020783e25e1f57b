// SPDX-License-Identifier: Apache-2.0
// Nodes that share a database share the object store and the master key, too: checked before one of
// them writes what the others cannot read, or sweeps away what is theirs.
#pragma once

#include "blobs/blob_store.hpp"
#include "store/database.hpp"

namespace cad::app {

// INVALID_ARGUMENT: the store, or the master key, is not the one that the database's objects are
// in. The first node of all leaves an object, "meta/cluster", that says which database it is of,
// and in the database, that it did.
Result<void> check_same_store(store::Database& database, blobs::BlobStore& blobs);

}  // namespace cad::app
