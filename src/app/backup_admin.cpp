// SPDX-License-Identifier: Apache-2.0
#include "app/backup_admin.hpp"

#include <unistd.h>

#include <memory>

#include "app/backends.hpp"
#include "crypto/bytes.hpp"

namespace cad::app {
namespace {

// S3 tries whether it can store: what it writes for that, and removes, is under a key of this hour.
Result<std::unique_ptr<blobs::ManagedStore>> open_s3(const BackendUrls& urls) {
  if (!urls.s3) return std::unique_ptr<blobs::ManagedStore>();
  auto ring = secrets::KeyRing::of_one(crypto::as_bytes(crypto::random_key()).first<32>(),
                                       blobs::master_key_place("").label);
  return open_objects(urls, "", secrets::KeySource::fixed(std::move(ring)), nullptr);
}

// A running cluster's, or of a restore that did not end: nothing tells them apart.
Result<void> check_empty(blobs::ManagedStore& store) {
  for (const char* prefix : {"meta/", "uploads/", "results/"}) {
    bool empty = true;
    CAD_TRY(store.walk(prefix, [&](std::span<const blobs::Aged> some) -> Result<bool> {
      empty = some.empty();
      return empty;
    }));
    if (empty) continue;
    return fail(ErrorCode::conflict,
                "A backup is restored into an empty store only, and below the prefix in "
                "CADLENS_S3_URL there are objects already. Name another prefix, or remove them.");
  }
  return {};
}

}  // namespace

Result<backup::Contents> back_up(backup::BackupOptions options, bool rows, const Secret& key) {
  CAD_ASSIGN(const BackendUrls urls, take_backend_urls());
  // Opening makes what is not there.
  const bool here = ::access((options.data + "/cadlens.db").c_str(), F_OK) == 0;
  std::unique_ptr<store::Database> database;
  if (urls.database || (rows && here)) {
    CAD_ASSIGN(database, open_database(urls, options.data));
  }
  CAD_ASSIGN(const auto store, open_s3(urls));
  const auto objects = store ? backup::objects_of(*store) : nullptr;
  options.database = database.get();
  options.objects = objects.get();
  return backup::make_backup(options, key);
}

Result<backup::Contents> bring_back(backup::RestoreOptions options, const Secret& key) {
  if (options.verify_only) return backup::restore_backup(options, key);
  CAD_ASSIGN(const BackendUrls urls, take_backend_urls());
  if (options.data.empty() && !(urls.database && urls.s3))
    return fail(ErrorCode::invalid_argument,
                "Say where to restore to (--data, or CADLENS_DATABASE_URL and CADLENS_S3_URL), or "
                "check only (--verify-only).");
  std::unique_ptr<store::Database> database;
  if (urls.database) {
    CAD_ASSIGN(database, open_database(urls, options.data));
  }
  CAD_ASSIGN(const auto store, open_s3(urls));
  if (store) CAD_TRY(check_empty(*store));
  const auto objects = store ? backup::objects_of(*store) : nullptr;
  options.database = database.get();
  options.objects = objects.get();
  return backup::restore_backup(options, key);
}

}  // namespace cad::app
