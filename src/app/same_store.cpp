// SPDX-License-Identifier: Apache-2.0
#include "app/same_store.hpp"

#include <array>

#include "crypto/bytes.hpp"
#include "jobs/services.hpp"
#include "store/facts.hpp"

namespace cad::app {
namespace {

constexpr const char* kKey = "meta/cluster";

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::invalid_argument, std::move(message));
}

Result<std::string> read_mark(blobs::BlobStore& blobs) {
  CAD_ASSIGN(const auto reader, blobs.open(kKey));
  std::array<std::byte, 64> text{};
  CAD_ASSIGN(const std::size_t size, reader->read(0, text));
  return std::string(reinterpret_cast<const char*>(text.data()), size);
}

Result<void> write_mark(blobs::BlobStore& blobs, std::string_view id) {
  CAD_ASSIGN(const auto writer, blobs.create(kKey));
  CAD_TRY(writer->write(crypto::as_bytes(id)));
  return writer->commit();
}

// A store without a mark is new, or has come out of a backup with what the database speaks of.
Result<bool> holds_results(store::Database& database, blobs::BlobStore& blobs) {
  CAD_ASSIGN(const auto part, store::any_part(database));
  if (!part) return true;
  const auto found =
      blobs.open(jobs::part_key(part->job_id, part->attempt, part->kind, part->number));
  if (found) return true;
  if (found.error().code == ErrorCode::not_found) return false;
  return tl::unexpected(found.error());
}

}  // namespace

Result<void> check_same_store(store::Database& database, blobs::BlobStore& blobs) {
  CAD_ASSIGN(const std::string id, store::agree_on(database, "cluster", crypto::random_hex(16)));
  const auto mark = read_mark(blobs);
  if (mark && *mark == id) return {};
  if (mark)
    return refuse(
        "The object store belongs to another database. Check CADLENS_S3_URL (bucket and prefix) or "
        "--data, and CADLENS_DATABASE_URL.");
  if (mark.error().code == ErrorCode::integrity)
    return refuse(
        "The objects of this cluster are under another master key. Give every node the same "
        "CADLENS_MASTER_KEY or CADLENS_MASTER_KEY_FILE.");
  if (mark.error().code != ErrorCode::not_found) return tl::unexpected(mark.error());
  CAD_ASSIGN(const bool ours, holds_results(database, blobs));
  if (!ours)
    return refuse(
        "The object store does not hold the results that the database speaks of: it is not the one "
        "that the other nodes use. Check CADLENS_S3_URL (bucket and prefix) or --data.");
  return write_mark(blobs, id);
}

}  // namespace cad::app
