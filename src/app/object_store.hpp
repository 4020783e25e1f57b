// SPDX-License-Identifier: Apache-2.0
// Where uploads and results lie: in a bucket when CADLENS_S3_URL is set, else in the data
// directory.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "blobs/blob_store.hpp"
#include "blobs/s3_store.hpp"

namespace spdlog {
class logger;
}

namespace cad::app {

struct ObjectPlace {
  std::string dir;                          // of the local store
  std::optional<blobs::S3StoreOptions> s3;  // none: the local store
};

// Takes CADLENS_S3_URL and the credentials out of the environment; before threads start.
// INVALID_ARGUMENT: a part of them is wrong, or the bucket would be reached over a public network
// unencrypted.
Result<ObjectPlace> object_place_from_environment(const std::string& data_dir);

// A store in S3 is tried first; see open_s3_store(). `log`: null, or longer lived than the store.
Result<std::unique_ptr<blobs::ManagedStore>> open_object_store(
    ObjectPlace place, std::shared_ptr<secrets::KeySource> masters, spdlog::logger* log);

}  // namespace cad::app
