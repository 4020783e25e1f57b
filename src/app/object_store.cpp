// SPDX-License-Identifier: Apache-2.0
#include "app/object_store.hpp"

#include "app/backends.hpp"
#include "secrets/environment.hpp"

namespace cad::app {

Result<ObjectPlace> object_place_from_environment(const std::string& data_dir) {
  ObjectPlace place{data_dir + "/blobs", std::nullopt};
  const std::string name = "CADLENS_S3_URL";
  CAD_ASSIGN(const auto url, secrets::secret_from_environment(name));
  if (!url) return place;
  CAD_TRY(check_backend(name, url->text()));
  place.s3.emplace();
  CAD_ASSIGN(place.s3->settings, s3::parse_settings(url->text(), name));
  CAD_ASSIGN(place.s3->credentials, s3::credentials_from_environment());
  return place;
}

Result<std::unique_ptr<blobs::ManagedStore>> open_object_store(
    ObjectPlace place, std::shared_ptr<secrets::KeySource> masters, spdlog::logger* log) {
  if (!place.s3) return blobs::open_local_store(place.dir, std::move(masters));
  place.s3->client.log = log;
  return blobs::open_s3_store(std::move(*place.s3), std::move(masters));
}

}  // namespace cad::app
