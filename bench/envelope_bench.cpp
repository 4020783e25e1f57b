// SPDX-License-Identifier: Apache-2.0
// Encryption at rest: the envelope alone, and objects through the local store to a file and back.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "blobs/blob_store.hpp"
#include "blobs/envelope.hpp"
#include "crypto/bytes.hpp"

namespace {

using namespace cad;

constexpr std::size_t kObjectBytes = 64 << 20;

secrets::KeyRing ring() {
  return secrets::KeyRing::of_one(crypto::as_bytes(crypto::random_key()).first<32>(),
                                  blobs::master_key_place("").label);
}

std::vector<std::byte> noise(std::size_t size) {
  std::vector<std::byte> bytes(size);
  crypto::random_bytes(bytes);
  return bytes;
}

void seal(benchmark::State& state) {
  blobs::Header header;
  auto cipher = blobs::ChunkCipher::create(ring(), "uploads/job_1", header).value();
  const auto plain = noise(blobs::kChunkBytes);
  std::vector<std::byte> sealed(blobs::kSealedChunkBytes);
  std::uint64_t number = 0;
  for (auto _ : state) {
    if (!cipher.seal_chunk(number++, false, plain, sealed)) state.SkipWithError("seal");
    benchmark::DoNotOptimize(sealed.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * plain.size()));
}
BENCHMARK(seal);

void open(benchmark::State& state) {
  blobs::Header header;
  auto cipher = blobs::ChunkCipher::create(ring(), "uploads/job_1", header).value();
  const auto plain = noise(blobs::kChunkBytes);
  std::vector<std::byte> sealed(blobs::kSealedChunkBytes), out(plain.size());
  if (!cipher.seal_chunk(7, false, plain, sealed)) std::abort();
  for (auto _ : state) {
    if (!cipher.open_chunk(7, false, sealed, out)) state.SkipWithError("open");
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * plain.size()));
}
BENCHMARK(open);

class Store {
 public:
  Store() {
    std::string pattern = (std::filesystem::temp_directory_path() / "envelope_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    dir_ = pattern;
    store_ = blobs::open_local_store(dir_, secrets::KeySource::fixed(ring())).value();
  }
  ~Store() { std::filesystem::remove_all(dir_); }

  bool put(const std::vector<std::byte>& bytes) {
    auto writer = store_->create("uploads/job_1");
    for (std::size_t at = 0; writer && at < bytes.size(); at += blobs::kChunkBytes)
      if (!(*writer)->write(std::span(bytes).subspan(at, blobs::kChunkBytes))) return false;
    return writer && (*writer)->commit();
  }
  bool get(std::vector<std::byte>& bytes) {
    auto reader = store_->open("uploads/job_1");
    for (std::size_t at = 0; reader && at < bytes.size(); at += blobs::kChunkBytes)
      if (!(*reader)->read(at, std::span(bytes).subspan(at, blobs::kChunkBytes))) return false;
    return reader.has_value();
  }

 private:
  std::string dir_;
  std::unique_ptr<blobs::BlobStore> store_;
};

// With the fsync of commit(): the disk's speed, too.
void store_write(benchmark::State& state) {
  Store store;
  const auto bytes = noise(kObjectBytes);
  for (auto _ : state)
    if (!store.put(bytes)) state.SkipWithError("put");
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}
BENCHMARK(store_write)->UseRealTime();

void store_read(benchmark::State& state) {
  Store store;
  auto bytes = noise(kObjectBytes);
  if (!store.put(bytes)) std::abort();
  for (auto _ : state)
    if (!store.get(bytes)) state.SkipWithError("get");
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}
BENCHMARK(store_read)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
