// SPDX-License-Identifier: Apache-2.0
#include "app/rotate.hpp"

#include <filesystem>
#include <optional>

#include "accounts/messages.hpp"
#include "accounts/profile.hpp"
#include "app/backends.hpp"
#include "app/clock.hpp"
#include "app/data_dir.hpp"
#include "audit/log.hpp"
#include "auth/url_signer.hpp"
#include "blobs/blob_store.hpp"
#include "disk/file_lock.hpp"
#include "disk/files.hpp"
#include "store/database.hpp"
#include "webhooks/secrets.hpp"

namespace cad::app {
namespace {

using disk::FileLock;

// A server may sign with the key of before until it has looked at the file once more.
constexpr std::int64_t kSlackSeconds = 60;

Result<void> check_data(const std::string& data, const BackendUrls& urls = {}) {
  std::error_code error;
  if (urls.s3 || std::filesystem::is_directory(data + "/blobs/objects", error)) return {};
  return fail(ErrorCode::not_found, "There is no CADLens data directory at " + data + ".");
}

// Before anything is changed: an object that no key opens would stop the rotation half-way.
Result<void> check_all_keys_are_here(const blobs::KeyUse& use, const secrets::KeyRing& ring) {
  std::string missing;
  for (const auto& [id, count] : use.objects) {
    bool here = false;
    for (const auto& key : ring.keys()) here = here || secrets::id_text(key.id) == id;
    if (!here) missing += (missing.empty() ? "" : ", ") + id + " (" + std::to_string(count) + ")";
  }
  if (missing.empty()) return {};
  return fail(ErrorCode::integrity,
              "Objects are under master keys that are not in the ring: " + missing +
                  ". Put these keys behind the present one, then rotate.");
}

Result<void> check_unused(const blobs::KeyUse& use, const secrets::KeyRing& ring) {
  const std::string current = secrets::id_text(ring.current().id);
  bool only_current = use.undecided == 0;
  for (const auto& [id, count] : use.objects) only_current = only_current && id == current;
  if (only_current) return {};
  return fail(ErrorCode::conflict,
              "All stored objects are under the new master key, but uploads that began before are "
              "still being written, so the older keys stay. Run the same with --present-key "
              "--drop-old in a few minutes.");
}

// A rotation that was killed while it wrote the key file leaves a file with keys in it.
void remove_half_written(const std::string& key_file) {
  if (key_file.empty()) return;
  const std::filesystem::path path(key_file);
  const std::string start = path.filename().string() + ".";
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path.parent_path(), error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(start) && name.size() == start.size() + 16 &&
        name.find_first_not_of("0123456789abcdef", start.size()) == name.npos)
      std::filesystem::remove(entry.path(), error);
  }
}

// What the database holds under the master key, before older keys may go. The entry in the audit
// log is the first one under the new key: it vouches for those before it when the key that they
// were made with is gone.
Result<void> reseal_database(const std::string& data, const BackendUrls& urls,
                             const std::shared_ptr<secrets::KeySource>& source) {
  std::error_code error;
  if (!urls.database && !std::filesystem::exists(data + "/cadlens.db", error)) return {};
  CAD_ASSIGN(const auto database, open_database(urls, data));
  CAD_TRY(store::migrate(*database, system_now()));
  CAD_TRY(webhooks::reseal_all(webhooks::SecretBox(source), *database));
  CAD_TRY(auth::reseal_session_keys(*database, {source, auth::kSessionKeyUse}));
  CAD_TRY(accounts::reseal_profiles(*database, {source, accounts::kProfileUse}));
  CAD_TRY(accounts::reseal_messages(*database, {source, accounts::kMessageUse}));
  audit::Log audit(*database, source, system_now, nullptr);
  return audit.append({.name = "master_key.rotated",
                       .actor = "operator",
                       .detail = {{"key", secrets::id_text(source->now()->current().id)}}});
}

Result<void> add_new_key(secrets::KeySource& source, const std::string& label) {
  if (source.file().empty())
    return fail(ErrorCode::invalid_argument,
                "The master key is given as CADLENS_MASTER_KEY, which this command cannot change. "
                "Put a new key (`cadlens admin make-key`) in front of it, as \"NEW OLD\", then "
                "rotate with --present-key.");
  return secrets::write_key_file(source.file(), source.now()->rotated(label, std::nullopt));
}

}  // namespace

Result<MasterRotation> rotate_master_key(const MasterRotationOptions& options) {
  CAD_ASSIGN(const BackendUrls urls, take_backend_urls());
  CAD_TRY(check_data(options.data, urls));
  if (urls.many_nodes() && !options.present_key)
    return fail(ErrorCode::invalid_argument,
                "Every node must know a new key before anything is under it. Put one (`cadlens "
                "admin make-key`) in front of the present one, as \"NEW OLD\", in the key file of "
                "every node; then rotate with --present-key.");
  CAD_TRY(disk::make_dirs(options.data));
  CAD_ASSIGN(const FileLock alone, FileLock::exclusive(options.data + "/maintenance.lock"));
  const auto place = blobs::master_key_place(options.data);
  CAD_ASSIGN(const auto source, secrets::KeySource::open(place, secrets::Missing::refuse));
  remove_half_written(source->file());
  std::optional<DataDir> stopped_server;
  if (source->file().empty() && !urls.many_nodes()) {
    auto dir = DataDir::open(options.data);
    if (!dir)
      return fail(ErrorCode::conflict,
                  "A server is running and cannot follow a rotation of CADLENS_MASTER_KEY; stop it "
                  "first, or keep the key in a file (CADLENS_MASTER_KEY_FILE).");
    stopped_server.emplace(std::move(*dir));
  }
  CAD_ASSIGN(const auto objects, open_objects(urls, options.data, source, nullptr));
  CAD_ASSIGN(const blobs::KeyUse before, objects->count_master_keys());
  CAD_TRY(check_all_keys_are_here(before, *source->now()));
  if (!options.present_key) CAD_TRY(add_new_key(*source, place.label));
  const auto ring = source->now();
  CAD_ASSIGN(const auto wrapped, objects->rewrap_all(*ring, options.go_on));
  CAD_TRY(reseal_database(options.data, urls, source));
  MasterRotation done{secrets::id_text(ring->current().id), wrapped.objects, wrapped.changed,
                      ring->keys().size() - 1};
  if (!options.drop_old || done.old_keys == 0) return done;
  CAD_ASSIGN(const blobs::KeyUse after, objects->count_master_keys());
  CAD_TRY(check_unused(after, *ring));
  if (source->file().empty()) return done;  // the operator's to remove
  CAD_TRY(secrets::write_key_file(source->file(), ring->current_only()));
  done.old_keys = 0;
  return done;
}

Result<std::vector<MasterKeyFacts>> list_master_keys(const std::string& data) {
  CAD_ASSIGN(const BackendUrls urls, take_backend_urls());
  CAD_TRY(check_data(data, urls));
  const auto place = blobs::master_key_place(data);
  CAD_ASSIGN(const auto source, secrets::KeySource::open(place, secrets::Missing::refuse));
  CAD_ASSIGN(const auto objects, open_objects(urls, data, source, nullptr));
  CAD_ASSIGN(blobs::KeyUse use, objects->count_master_keys());
  std::vector<MasterKeyFacts> facts;
  const auto ring = source->now();
  for (const auto& key : ring->keys()) {
    const std::string id = secrets::id_text(key.id);
    facts.push_back({id, use.objects[id], true});
    use.objects.erase(id);
  }
  for (const auto& [id, count] : use.objects) facts.push_back({id, count, false});
  return facts;
}

Result<SigningRotation> rotate_signing_key(const std::string& data, std::int64_t now_seconds) {
  CAD_ASSIGN(const BackendUrls urls, take_backend_urls());
  if (urls.many_nodes())
    return fail(
        ErrorCode::invalid_argument,
        "Every node must know a new key before one of them signs with it. Put one (`cadlens "
        "admin make-key`) behind the present one, as \"OLD NEW\", in the key file of every "
        "node, then in front of it; the old one can go an hour later.");
  CAD_TRY(check_data(data, urls));
  CAD_ASSIGN(const FileLock alone, FileLock::exclusive(data + "/maintenance.lock"));
  const auto place = auth::signing_key_place(data);
  CAD_ASSIGN(const auto source, secrets::KeySource::open(place, secrets::Missing::refuse));
  if (source->file().empty())
    return fail(ErrorCode::invalid_argument,
                "The signing key is given as CADLENS_SIGNING_KEY, which this command cannot "
                "change. Put a new key (`cadlens admin make-key`) in front of it, as \"NEW OLD\", "
                "and start the server again; the old one can go an hour later.");
  remove_half_written(source->file());
  const secrets::KeyRing ring = source->now()
                                    ->rotated(place.label, now_seconds + kSlackSeconds)
                                    .without_retired(now_seconds - auth::kUrlLifeSeconds);
  CAD_TRY(secrets::write_key_file(source->file(), ring));
  return SigningRotation{secrets::id_text(ring.current().id), ring.keys().size() - 1};
}

}  // namespace cad::app
