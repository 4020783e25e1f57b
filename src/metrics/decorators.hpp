// SPDX-License-Identifier: Apache-2.0
// The stores and the limiter as they are, with a clock beside them.
#pragma once

#include <memory>

#include "blobs/blob_store.hpp"
#include "metrics/registry.hpp"
#include "rate/limiter.hpp"
#include "store/database.hpp"

namespace cad::metrics {

// cadlens_store_seconds{store="database"|"blobs"|"limiter",operation}, and
// of the stores cadlens_store_failures_total{store,operation,reason="unavailable"|"error"}. That
// something is not there, or was there first, is an answer and no failure. What they are made of
// must outlive them.
std::unique_ptr<store::Database> measured(store::Database& database, Registry& registry);
std::unique_ptr<blobs::BlobStore> measured(blobs::BlobStore& blobs, Registry& registry);
std::unique_ptr<rate::Limiter> measured(rate::Limiter& limiter, Registry& registry);

}  // namespace cad::metrics
