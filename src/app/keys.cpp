// SPDX-License-Identifier: Apache-2.0
#include "app/keys.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "auth/url_signer.hpp"
#include "blobs/blob_store.hpp"
#include "disk/files.hpp"
#include "secrets/environment.hpp"

namespace cad::app {
namespace {

// The first servers wrote the signing key as 32 bytes; a ring of one key is longer.
Result<void> upgrade_signing_key(const secrets::KeyPlace& place) {
  const UniqueFd fd(::open(place.file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0 || status.st_size != secrets::kKeyBytes) return {};
  std::array<std::byte, secrets::kKeyBytes> raw{};
  CAD_ASSIGN(const std::size_t got, disk::read_at(fd.get(), 0, raw.data(), raw.size()));
  if (got != raw.size()) return {};
  const auto ring = secrets::KeyRing::of_one(raw, place.label);
  wipe_memory(raw);
  return secrets::write_key_file(place.file, ring);
}

// Where no key is to be made: says what to do about one that is not there.
Result<void> check_given(const secrets::KeyPlace& place, secrets::Missing missing) {
  if (missing == secrets::Missing::make) return {};
  const auto set = [](const std::string& name) { return std::getenv(name.c_str()) != nullptr; };
  if (set(place.variable) || set(place.variable + "_FILE")) return {};
  if (::access(place.file.c_str(), F_OK) == 0) return {};
  return fail(ErrorCode::invalid_argument,
              "A node of a cluster makes no keys, as all nodes need the same ones: give every node "
              "the same " +
                  place.variable + " or " + place.variable +
                  "_FILE; `cadlens admin make-key` prints one.");
}

}  // namespace

Result<Keys> take_keys(const DataDir& data, secrets::Missing missing) {
  using secrets::KeySource;
  const auto master = blobs::master_key_place(data.file(""));
  const auto signing = auth::signing_key_place(data.file(""));
  CAD_TRY(check_given(master, missing));
  CAD_TRY(check_given(signing, missing));
  CAD_TRY(upgrade_signing_key(signing));
  Keys keys;
  CAD_ASSIGN(keys.master, KeySource::open(master, missing));
  CAD_ASSIGN(keys.signing, KeySource::open(signing, missing));
  if (const char* user = std::getenv("CADLENS_SMTP_USER")) keys.smtp_user = user;
  CAD_ASSIGN(keys.smtp_password, secrets::secret_from_environment("CADLENS_SMTP_PASSWORD"));
  CAD_ASSIGN(keys.oauth, oauth::client_secrets_from_environment());
  secrets::wipe_secrets_in_environment();
  keys.locked = keys.master->now()->current().secret.locked();
  return keys;
}

}  // namespace cad::app
