// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include "crypto/bytes.hpp"
#include "disk/files.hpp"
#include "disk/new_file.hpp"
#include "secrets/environment.hpp"
#include "secrets/key_ring.hpp"

namespace cad::secrets {
namespace {

// All processes agree on the key of the fastest.
Result<void> make_key_file(const std::string& path) {
  CAD_TRY(disk::make_dirs(disk::parent_dir(path)));
  std::string random = crypto::random_hex(kKeyBytes) + "\n";
  const Secret text = Secret::from_text(random);
  CAD_ASSIGN(disk::NewFile made,
             disk::NewFile::write(path, text.text(), disk::NewFile::Mode::owner_only));
  return made.put_if_absent();
}

}  // namespace

Result<std::shared_ptr<KeySource>> KeySource::open(const KeyPlace& place, Missing missing) {
  CAD_ASSIGN(Given given, take_from_environment(place.variable));
  auto source = std::make_shared<KeySource>();
  source->place_ = place;
  if (given.text) {
    CAD_ASSIGN(KeyRing ring, KeyRing::parse(*given.text, place.label, place.variable));
    source->ring_ = std::make_shared<const KeyRing>(std::move(ring));
    return source;
  }
  source->own_file_ = given.file.empty();
  source->file_ = source->own_file_ ? place.file : given.file;
  source->stamp_ = stamp_of(source->file_);
  auto ring = source->read_file();
  if (!ring && ring.error().code == ErrorCode::not_found && source->own_file_ &&
      missing == Missing::make) {
    CAD_TRY(make_key_file(source->file_));
    source->stamp_ = stamp_of(source->file_);
    ring = source->read_file();
  }
  if (!ring) return tl::unexpected(std::move(ring.error()));
  source->ring_ = std::make_shared<const KeyRing>(std::move(*ring));
  return source;
}

std::shared_ptr<KeySource> KeySource::fixed(KeyRing ring) {
  auto source = std::make_shared<KeySource>();
  source->ring_ = std::make_shared<const KeyRing>(std::move(ring));
  return source;
}

std::shared_ptr<const KeyRing> KeySource::now() {
  const std::lock_guard lock(mutex_);
  if (file_.empty()) return ring_;
  // The stamp first: a file replaced between the two is then read again, not missed.
  const Stamp stamp = stamp_of(file_);
  if (stamp == stamp_) return ring_;
  // A file that is gone or half written by an editor: the keys we have stay good meanwhile.
  auto ring = read_file();
  if (!ring) return ring_;
  ring_ = std::make_shared<const KeyRing>(std::move(*ring));
  stamp_ = stamp;
  return ring_;
}

Result<KeyRing> KeySource::read_file() const {
  const std::string source = own_file_ ? place_.name : "The file in " + place_.variable + "_FILE";
  CAD_ASSIGN(
      const Secret text,
      read_secret_file(file_, source, own_file_ ? Privacy::owner_only : Privacy::not_everybody));
  return KeyRing::parse(text, place_.label, source + " (" + file_ + ")");
}

KeySource::Stamp KeySource::stamp_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
          status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

Result<void> write_key_file(const std::string& path, const KeyRing& ring) {
  const Secret text = ring.to_text();
  CAD_ASSIGN(disk::NewFile made,
             disk::NewFile::write(path, text.text(), disk::NewFile::Mode::as_before));
  return made.replace();
}

}  // namespace cad::secrets
