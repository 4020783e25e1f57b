// SPDX-License-Identifier: Apache-2.0
#include "blobs/blob_store.hpp"

#include <algorithm>

namespace cad::blobs {
namespace {

constexpr std::size_t kMostKeyBytes = 200;

}  // namespace

Result<std::vector<Aged>> BlobStore::list_with_age(std::string_view prefix) {
  std::vector<Aged> found;
  CAD_TRY(walk(prefix, [&found](std::span<const Aged> some) {
    found.insert(found.end(), some.begin(), some.end());
    return Result<bool>(true);
  }));
  std::ranges::sort(found, {}, &Aged::key);
  return found;
}

Result<std::vector<Key>> BlobStore::list(std::string_view prefix) {
  std::vector<Key> keys;
  CAD_TRY(walk(prefix, [&keys](std::span<const Aged> some) {
    for (const Aged& object : some) keys.push_back(object.key);
    return Result<bool>(true);
  }));
  std::ranges::sort(keys);
  return keys;
}

secrets::KeyPlace master_key_place(const std::string& dir) {
  return {"CADLENS_MASTER_KEY", dir + "/master.key", "master key id", "The master key"};
}

bool is_valid_key(std::string_view key) {
  if (key.empty() || key.size() > kMostKeyBytes) return false;
  if (key.front() == '/' || key.back() == '/' || key.find("//") != std::string_view::npos) {
    return false;
  }
  return std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '/';
  });
}

}  // namespace cad::blobs
