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

// A store without a mark has come out of a backup, with what the database speaks of. None: the
// database speaks of nothing.
Result<std::optional<bool>> holds_results(store::Database& database, blobs::BlobStore& blobs) {
  CAD_ASSIGN(const auto part, store::any_part(database));
  if (!part) return std::optional<bool>();
  const auto found =
      blobs.open(jobs::part_key(part->job_id, part->attempt, part->kind, part->number));
  if (found) return std::optional(true);
  if (found.error().code == ErrorCode::not_found) return std::optional(false);
  return tl::unexpected(found.error());
}

// True: it is marked as ours. False: it has no mark.
Result<bool> is_marked(blobs::BlobStore& blobs, const std::string& id) {
  const auto mark = read_mark(blobs);
  if (mark && *mark == id) return true;
  if (mark)
    return refuse(
        "The object store belongs to another database. Check CADLENS_S3_URL (bucket and prefix) or "
        "--data, and CADLENS_DATABASE_URL.");
  if (mark.error().code == ErrorCode::integrity)
    return refuse(
        "The objects of this cluster are under another master key. Give every node the same "
        "CADLENS_MASTER_KEY or CADLENS_MASTER_KEY_FILE.");
  if (mark.error().code == ErrorCode::not_found) return false;
  return tl::unexpected(mark.error());
}

Result<void> check_within(store::Session& session, store::Database& database,
                          blobs::BlobStore& blobs, const std::string& id) {
  CAD_ASSIGN(const auto marked, store::find_fact(session, store::kStoreMarked));
  CAD_ASSIGN(const bool ours, is_marked(blobs, id));
  if (!ours) {
    CAD_ASSIGN(const auto holds, holds_results(database, blobs));
    if (!holds.value_or(!marked))
      return refuse(
          "The object store is not the one that the other nodes use: it lacks their mark and their "
          "results. Check CADLENS_S3_URL (bucket and prefix) or --data.");
    CAD_TRY(write_mark(blobs, id));
  }
  return store::store_fact(session, store::kStoreMarked, "yes");
}

}  // namespace

// One node after the other: of two new ones with different stores only the first may mark its own.
Result<void> check_same_store(store::Database& database, blobs::BlobStore& blobs) {
  CAD_ASSIGN(const std::string id, store::agree_on(database, "cluster", crypto::random_hex(16)));
  // Every start but the first: a slow store then keeps no other node waiting.
  CAD_ASSIGN(const bool ours, is_marked(blobs, id));
  if (ours) {
    CAD_ASSIGN(const auto marked, store::find_fact(database, store::kStoreMarked));
    if (marked) return {};
  }
  return database.exclusively(
      [&](store::Session& session) { return check_within(session, database, blobs, id); });
}

}  // namespace cad::app
