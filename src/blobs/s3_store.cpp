// SPDX-License-Identifier: Apache-2.0
#include "blobs/s3_store.hpp"

#include <algorithm>
#include <ctime>

#include "blobs/s3_rewrap.hpp"
#include "blobs/s3_upload.hpp"
#include "blobs/s3_window.hpp"
#include "blobs/sealer.hpp"
#include "blobs/unsealer.hpp"
#include "crypto/bytes.hpp"

namespace cad::blobs {
namespace {

constexpr std::string_view kProbes = "probe/";
// Longer than any writer lives: a request's body or a job is over long before.
constexpr std::int64_t kLeftoverMs = 24ll * 3600 * 1000;

Result<void> check_key(const Key& key) {
  if (!is_valid_key(key)) return fail(ErrorCode::invalid_argument, "Not a valid object key.");
  return {};
}

constexpr std::size_t kMostLinked = 32u << 20;  // larger ones have no copy for links

// No key of ours holds a ".": the copy is in no list, and goes with its object.
std::string copy_for_links(const Key& key) { return "open/" + key + ".png"; }

std::int64_t now_ms() { return static_cast<std::int64_t>(std::time(nullptr)) * 1000; }

class S3Writer : public Writer {
 public:
  S3Writer(s3::Client& client, Key key, std::shared_ptr<secrets::KeySource> masters, bool linked)
      : linked_(linked),
        client_(client),
        key_(std::move(key)),
        masters_(std::move(masters)),
        upload_(client_, key_) {}

  Result<void> start() {
    const auto ring = masters_->now();
    wrapped_under_ = ring->current().id;
    Header header;
    CAD_ASSIGN(sealer_, Sealer::create(*ring, key_, header));
    return upload_.append(header);
  }
  Result<void> write(std::span<const std::byte> bytes) override {
    linked_ = linked_ && plain_.size() + bytes.size() <= kMostLinked;
    if (linked_) plain_.insert(plain_.end(), bytes.begin(), bytes.end());
    return sealer_->write(bytes, [this](auto sealed) { return upload_.append(sealed); });
  }
  // A rotation that began after this writer does not see it: so the key is chosen once more.
  Result<void> commit() override {
    CAD_TRY(sealer_->finish([this](auto sealed) { return upload_.append(sealed); }));
    const bool unsent = upload_.unsent_header() != nullptr;
    if (unsent) CAD_TRY(wrap_again(upload_.unsent_header()));
    CAD_TRY(upload_.commit());
    const auto ring = masters_->now();
    if (!unsent && wrapped_under_ != ring->current().id)
      CAD_TRY(rewrap_s3_object(client_, *ring, key_));
    // Last: a copy without its object would be nobody's.
    if (linked_) CAD_TRY(client_.put(copy_for_links(key_), plain_, {}, "image/png"));
    return {};
  }
  std::uint64_t bytes() const override { return sealer_->bytes(); }

 private:
  Result<void> wrap_again(std::byte* at) {
    Header header;
    std::copy_n(at, header.size(), header.begin());
    CAD_ASSIGN(const bool changed, rewrap(*masters_->now(), key_, header));
    if (changed) std::ranges::copy(header, at);
    return {};
  }

  bool linked_;
  std::vector<std::byte> plain_;  // for the copy
  s3::Client& client_;
  Key key_;
  std::shared_ptr<secrets::KeySource> masters_;
  S3Upload upload_;
  std::optional<Sealer> sealer_;
  secrets::KeyId wrapped_under_{};
};

class S3Reader : public Reader {
 public:
  static Result<std::unique_ptr<Reader>> open(S3Window window, Extent extent, ChunkCipher cipher) {
    const std::uint64_t last = (extent.chunks - 1) * kSealedChunkBytes;
    CAD_TRY(window.fetch_end(window.size() - kHeaderBytes - last));
    CAD_ASSIGN(Unsealer unsealer, Unsealer::open(extent, std::move(cipher), source_of(window)));
    return std::unique_ptr<Reader>(new S3Reader(std::move(window), std::move(unsealer)));
  }
  std::uint64_t size() const override { return unsealer_.size(); }
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) override {
    return unsealer_.read(offset, into, source_of(window_));
  }

 private:
  S3Reader(S3Window window, Unsealer unsealer)
      : window_(std::move(window)), unsealer_(std::move(unsealer)) {}
  static Unsealer::Source source_of(S3Window& window) {
    return
        [&window](std::uint64_t offset, std::size_t length) { return window.at(offset, length); };
  }

  S3Window window_;
  Unsealer unsealer_;
};

class StoredFormReader : public Reader {
 public:
  explicit StoredFormReader(S3Window window) : window_(std::move(window)) {}
  std::uint64_t size() const override { return window_.size(); }
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) override {
    std::size_t done = 0;
    while (done < into.size() && offset + done < window_.size()) {
      const std::uint64_t at = offset + done;
      const std::size_t part =
          std::min<std::uint64_t>({into.size() - done, kChunkBytes, window_.size() - at});
      CAD_ASSIGN(const auto bytes, window_.at(at, part));
      std::ranges::copy(bytes, into.begin() + static_cast<std::ptrdiff_t>(done));
      done += part;
    }
    return done;
  }

 private:
  S3Window window_;
};

class StoredFormWriter : public Writer {
 public:
  StoredFormWriter(s3::Client& client, Key key) : upload_(client, std::move(key)) {}
  Result<void> write(std::span<const std::byte> bytes) override {
    if (done_) return fail(ErrorCode::invalid_argument, "The object is already finished.");
    bytes_ += bytes.size();
    return upload_.append(bytes);
  }
  Result<void> commit() override {
    if (done_) return fail(ErrorCode::invalid_argument, "The object is already finished.");
    done_ = true;
    CAD_TRY(upload_.commit());
    return {};
  }
  std::uint64_t bytes() const override { return bytes_; }

 private:
  S3Upload upload_;
  std::uint64_t bytes_ = 0;
  bool done_ = false;
};

class S3Store : public ManagedStore {
 public:
  S3Store(std::unique_ptr<s3::Client> client, std::shared_ptr<secrets::KeySource> masters,
          std::function<bool(const Key&)> linked)
      : client_(std::move(client)), masters_(std::move(masters)), linked_(std::move(linked)) {}

  Result<std::unique_ptr<Writer>> create(const Key& key) override {
    CAD_TRY(check_key(key));
    auto writer = std::make_unique<S3Writer>(*client_, key, masters_, is_linked(key));
    CAD_TRY(writer->start());
    return writer;
  }

  // The keys are asked for after the header was read, so they know each key that it can name.
  Result<std::unique_ptr<Reader>> open(const Key& key) override {
    CAD_TRY(check_key(key));
    CAD_ASSIGN(S3Window window, S3Window::open(*client_, key));
    CAD_ASSIGN(const Extent extent, extent_of_file(window.size()));
    CAD_ASSIGN(ChunkCipher cipher, ChunkCipher::open(*masters_->now(), key, window.header()));
    return S3Reader::open(std::move(window), extent, std::move(cipher));
  }

  Result<void> remove_all(std::span<const Key> keys) override {
    std::vector<Key> copies;
    for (const Key& key : keys) {
      CAD_TRY(check_key(key));
      if (is_linked(key)) copies.push_back(copy_for_links(key));
    }
    // First: a copy without its object would be nobody's.
    CAD_TRY(client_->remove_many(copies));
    return client_->remove_many(keys);
  }

  Result<void> walk(std::string_view prefix, const Take& take) override {
    const std::string_view whole =
        prefix.ends_with('/') ? prefix.substr(0, prefix.size() - 1) : prefix;
    if (!whole.empty() && !is_valid_key(whole)) return {};
    std::string from;
    bool go_on = true;
    do {
      CAD_ASSIGN(s3::ListPage page, client_->list(prefix, from));
      std::vector<Aged> found;
      for (s3::Listed& object : page.objects)
        if (is_valid_key(object.key)) found.push_back({std::move(object.key), object.modified_ms});
      if (!found.empty()) {
        CAD_ASSIGN(go_on, take(found));
      }
      from = std::move(page.next);
    } while (go_on && !from.empty());
    return {};
  }

  // What was stored before links were wanted has no copy.
  Result<std::optional<std::string>> link(const Key& key, std::chrono::seconds life) override {
    if (!is_linked(key)) return std::optional<std::string>();
    const auto copy = client_->head(copy_for_links(key));
    if (!copy && copy.error().code == ErrorCode::not_found) return std::optional<std::string>();
    if (!copy) return tl::unexpected(copy.error());
    CAD_ASSIGN(std::string url, client_->presigned_get(copy_for_links(key), life.count(),
                                                       client_->settings().public_url));
    return std::optional(std::move(url));
  }

  Result<std::unique_ptr<Reader>> open_stored_form(const Key& key) override {
    CAD_TRY(check_key(key));
    CAD_ASSIGN(S3Window window, S3Window::open(*client_, key));
    return std::make_unique<StoredFormReader>(std::move(window));
  }

  Result<std::unique_ptr<Writer>> create_stored_form(const Key& key) override {
    CAD_TRY(check_key(key));
    return std::make_unique<StoredFormWriter>(*client_, key);
  }

  // What other machines still hold in memory is not seen, and need not be: a writer chooses its key
  // once more when it commits.
  Result<KeyUse> count_master_keys() override {
    KeyUse use;
    CAD_ASSIGN(use.undecided, for_each_upload([](const s3::OpenUpload&) { return true; }));
    CAD_ASSIGN(const auto objects, list_with_age(""));
    for (const Aged& object : objects) {
      const auto start = client_->get(object.key, 0, kHeaderBytes);
      if (!start && start.error().code == ErrorCode::not_found) continue;
      if (!start) return tl::unexpected(start.error());
      Header header{};
      if (start->bytes.size() < header.size()) {
        ++use.undecided;
        continue;
      }
      std::ranges::copy(crypto::as_bytes(start->bytes), header.begin());
      ++use.objects[secrets::id_text(master_id_of(header))];
    }
    return use;
  }

  Result<Rewrapped> rewrap_all(const secrets::KeyRing& masters,
                               const std::function<bool(std::size_t)>& go_on) override {
    Rewrapped done;
    CAD_ASSIGN(const auto objects, list_with_age(""));
    for (const auto& [key, modified] : objects) {
      if (go_on && !go_on(done.objects))
        return fail(ErrorCode::conflict, "The rotation was stopped; run it again to finish it.");
      auto changed = rewrap_s3_object(*client_, masters, key);
      if (!changed)
        return fail(changed.error().code, "Object " + key + ": " + changed.error().message);
      ++done.objects;
      done.changed += *changed;
    }
    return done;
  }

  Result<std::size_t> sweep_leftovers() override {
    const std::int64_t before = now_ms() - kLeftoverMs;
    CAD_ASSIGN(std::size_t removed, for_each_upload([&](const s3::OpenUpload& upload) {
                 return upload.begun_ms < before && client_->abort_upload(upload.key, upload.id);
               }));
    CAD_ASSIGN(const auto probes, list_with_age(kProbes));
    for (const Aged& probe : probes) {
      if (probe.modified_ms >= before) continue;
      CAD_TRY(client_->remove(probe.key));
      ++removed;
    }
    return removed;
  }

  Result<void> self_test() {
    auto tried = try_probe(std::string(kProbes) + crypto::random_hex(16));
    if (tried) return {};
    return fail(tried.error().code, "The S3 store cannot be used: " + tried.error().message);
  }

 private:
  bool is_linked(const Key& key) const {
    return linked_ && !client_->settings().public_url.empty() && linked_(key);
  }

  // How many `act` returned true for.
  Result<std::size_t> for_each_upload(const std::function<bool(const s3::OpenUpload&)>& act) {
    std::size_t count = 0;
    s3::UploadPage page;
    do {
      CAD_ASSIGN(page, client_->list_uploads(page.next_key, page.next_id));
      for (const s3::OpenUpload& upload : page.uploads) count += act(upload);
    } while (!page.next_key.empty());
    return count;
  }

  Result<void> try_probe(const Key& key) {
    const std::string text = "CADLens tries whether it can store here.";
    CAD_ASSIGN(const auto writer, create(key));
    CAD_TRY(writer->write(crypto::as_bytes(text)));
    CAD_TRY(writer->commit());
    auto checked = check_probe(key, text);
    const auto removed = client_->remove(key);
    CAD_TRY(checked);
    return removed;
  }

  Result<void> check_probe(const Key& key, std::string_view text) {
    CAD_ASSIGN(const s3::Stored stored, client_->head(key));
    const s3::Settings& settings = client_->settings();
    if (settings.sse_required && stored.sse != settings.sse)
      return fail(ErrorCode::invalid_argument,
                  "encryption by the server is required (sse-required=yes), but the server does "
                  "not say that it encrypts with " +
                      settings.sse +
                      ". Use a server that does, or set sse-required=no if you know that it "
                      "encrypts.");
    CAD_ASSIGN(const auto reader, open(key));
    std::string got(reader->size(), '\0');
    CAD_TRY(reader->read(0, std::as_writable_bytes(std::span(got))));
    if (got != text)
      return fail(ErrorCode::integrity, "it gave other bytes back than were stored.");
    CAD_TRY(client_->list(kProbes));
    return {};
  }

  std::unique_ptr<s3::Client> client_;
  std::shared_ptr<secrets::KeySource> masters_;
  std::function<bool(const Key&)> linked_;
};

}  // namespace

Result<std::unique_ptr<ManagedStore>> open_s3_store(S3StoreOptions options,
                                                    std::shared_ptr<secrets::KeySource> masters) {
  CAD_ASSIGN(auto client,
             s3::Client::make(std::move(options.settings), std::move(options.credentials),
                              std::move(options.client)));
  auto store =
      std::make_unique<S3Store>(std::move(client), std::move(masters), std::move(options.linked));
  CAD_TRY(store->self_test());
  return store;
}

}  // namespace cad::blobs
