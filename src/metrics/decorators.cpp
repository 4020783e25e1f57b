// SPDX-License-Identifier: Apache-2.0
#include "metrics/decorators.hpp"

#include <array>
#include <chrono>

namespace cad::metrics {
namespace {

constexpr std::array kBounds{.0001, .00025, .0005, .001, .0025, .005, .01,
                             .025,  .05,    .1,    .25,  .5,    1.,   5.};

Histogram seconds_of(Registry& registry, const std::string& store, const std::string& name) {
  return registry.histogram("cadlens_store_seconds", "One operation of a store.", kBounds,
                            {{"store", store}, {"operation", name}});
}

class Operation {
 public:
  Operation(Registry& registry, const std::string& store, const std::string& name)
      : seconds_(seconds_of(registry, store, name)),
        away_(failures(registry, store, name, "unavailable")),
        error_(failures(registry, store, name, "error")) {}

  using Clock = std::chrono::steady_clock;

  // `apart`: what of the time was not the store's, known when the work is done.
  template <class Work>
  auto operator()(const Work& work, const Clock::duration& apart = {}) const {
    const auto start = Clock::now();
    auto done = work();
    seconds_.observe(Clock::now() - start - apart);
    if (!done) failed(done.error().code);
    return done;
  }

 private:
  static Counter failures(Registry& registry, const std::string& store, const std::string& name,
                          const std::string& reason) {
    return registry.counter("cadlens_store_failures_total", "Operations of a store that failed.",
                            {{"store", store}, {"operation", name}, {"reason", reason}});
  }
  void failed(ErrorCode code) const {
    if (code == ErrorCode::unavailable) away_.add();
    if (code == ErrorCode::io || code == ErrorCode::integrity || code == ErrorCode::internal)
      error_.add();
  }

  Histogram seconds_;
  Counter away_, error_;
};

class MeasuredDatabase : public store::Database {
 public:
  MeasuredDatabase(store::Database& database, Registry& registry)
      : database_(database),
        read_(registry, "database", "read"),
        write_(registry, "database", "write"),
        transaction_(registry, "database", "transaction"),
        exclusively_(registry, "database", "exclusively"),
        snapshot_(registry, "database", "snapshot") {}

  store::Dialect dialect() const override { return database_.dialect(); }
  Result<store::Rows> read(std::string_view sql, const store::Values& values) override {
    return read_([&] { return database_.read(sql, values); });
  }
  Result<store::Rows> write(std::string_view sql, const store::Values& values) override {
    return write_([&] { return database_.write(sql, values); });
  }
  Result<void> transaction(const std::function<Result<void>(store::Session&)>& body) override {
    return transaction_([&] { return database_.transaction(body); });
  }
  Result<void> transaction_for_now(
      const std::function<Result<void>(store::Session&)>& body) override {
    return transaction_([&] { return database_.transaction_for_now(body); });
  }
  Result<void> exclusively(const std::function<Result<void>(store::Session&)>& body) override {
    return exclusively_([&] { return database_.exclusively(body); });
  }
  Result<void> snapshot(const std::function<Result<void>(store::Session&)>& body) override {
    return snapshot_([&] { return database_.snapshot(body); });
  }

 private:
  store::Database& database_;
  Operation read_, write_, transaction_, exclusively_, snapshot_;
};

struct BlobOperations {
  explicit BlobOperations(Registry& registry)
      : create(registry, "blobs", "create"),
        write(registry, "blobs", "write"),
        commit(registry, "blobs", "commit"),
        open(registry, "blobs", "open"),
        read(registry, "blobs", "read"),
        remove(registry, "blobs", "remove"),
        list(registry, "blobs", "list"),
        written(registry.counter("cadlens_blobs_written_bytes_total", "Bytes given to the store.")),
        fetched(registry.counter("cadlens_blobs_read_bytes_total", "Bytes got from the store.")) {}
  Operation create, write, commit, open, read, remove, list;
  Counter written, fetched;
};

class MeasuredWriter : public blobs::Writer {
 public:
  MeasuredWriter(std::unique_ptr<blobs::Writer> writer, const BlobOperations& operations)
      : writer_(std::move(writer)), operations_(operations) {}
  Result<void> write(std::span<const std::byte> bytes) override {
    operations_.written.add(static_cast<double>(bytes.size()));
    return operations_.write([&] { return writer_->write(bytes); });
  }
  Result<void> commit() override {
    return operations_.commit([&] { return writer_->commit(); });
  }
  std::uint64_t bytes() const override { return writer_->bytes(); }

 private:
  std::unique_ptr<blobs::Writer> writer_;
  const BlobOperations& operations_;
};

class MeasuredReader : public blobs::Reader {
 public:
  MeasuredReader(std::unique_ptr<blobs::Reader> reader, const BlobOperations& operations)
      : reader_(std::move(reader)), operations_(operations) {}
  std::uint64_t size() const override { return reader_->size(); }
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) override {
    auto count = operations_.read([&] { return reader_->read(offset, into); });
    if (count) operations_.fetched.add(static_cast<double>(*count));
    return count;
  }

 private:
  std::unique_ptr<blobs::Reader> reader_;
  const BlobOperations& operations_;
};

// Readers and writers may not outlive their store; nobody lets them.
class MeasuredBlobs : public blobs::BlobStore {
 public:
  MeasuredBlobs(blobs::BlobStore& blobs, Registry& registry)
      : blobs_(blobs), operations_(registry) {}

  Result<std::unique_ptr<blobs::Writer>> create(const blobs::Key& key) override {
    CAD_ASSIGN(auto writer, operations_.create([&] { return blobs_.create(key); }));
    return std::make_unique<MeasuredWriter>(std::move(writer), operations_);
  }
  Result<std::unique_ptr<blobs::Reader>> open(const blobs::Key& key) override {
    CAD_ASSIGN(auto reader, operations_.open([&] { return blobs_.open(key); }));
    return std::make_unique<MeasuredReader>(std::move(reader), operations_);
  }
  Result<void> remove_all(std::span<const blobs::Key> keys) override {
    return operations_.remove([&] { return blobs_.remove_all(keys); });
  }
  Result<void> walk(std::string_view prefix, const Take& take) override {
    Operation::Clock::duration taking{0};
    const auto timed = [&](std::span<const blobs::Aged> some) {
      const auto start = Operation::Clock::now();
      auto taken = take(some);
      taking += Operation::Clock::now() - start;
      return taken;
    };
    return operations_.list([&] { return blobs_.walk(prefix, timed); }, taking);
  }
  Result<std::optional<std::string>> link(const blobs::Key& key,
                                          std::chrono::seconds life) override {
    return blobs_.link(key, life);
  }

 private:
  blobs::BlobStore& blobs_;
  const BlobOperations operations_;
};

// It cannot fail, so there is but a clock.
class MeasuredLimiter : public rate::Limiter {
 public:
  MeasuredLimiter(rate::Limiter& limiter, Registry& registry)
      : limiter_(limiter), seconds_(seconds_of(registry, "limiter", "take")) {}
  rate::Verdict take(std::string_view who, const rate::Rate& rate) override {
    const auto start = std::chrono::steady_clock::now();
    const rate::Verdict verdict = limiter_.take(who, rate);
    seconds_.observe(std::chrono::steady_clock::now() - start);
    return verdict;
  }

 private:
  rate::Limiter& limiter_;
  Histogram seconds_;
};

}  // namespace

std::unique_ptr<store::Database> measured(store::Database& database, Registry& registry) {
  return std::make_unique<MeasuredDatabase>(database, registry);
}

std::unique_ptr<blobs::BlobStore> measured(blobs::BlobStore& blobs, Registry& registry) {
  return std::make_unique<MeasuredBlobs>(blobs, registry);
}

std::unique_ptr<rate::Limiter> measured(rate::Limiter& limiter, Registry& registry) {
  return std::make_unique<MeasuredLimiter>(limiter, registry);
}

}  // namespace cad::metrics
