// SPDX-License-Identifier: Apache-2.0
#include "blobs/blob_store.hpp"

#include <algorithm>

namespace cad::blobs {
namespace {

constexpr std::size_t kMostKeyBytes = 200;

}  // namespace

Result<std::vector<Key>> BlobStore::list(std::string_view prefix) {
  CAD_ASSIGN(auto objects, list_with_age(prefix));
  std::vector<Key> keys;
  for (Aged& object : objects) keys.push_back(std::move(object.key));
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
