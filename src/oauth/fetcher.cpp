// SPDX-License-Identifier: Apache-2.0
#include "oauth/fetcher.hpp"

#include <algorithm>

#include "base/secret.hpp"
#include "curl/stop.hpp"

namespace cad::oauth {
namespace {

struct Received {
  std::string body;
  bool too_long = false;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* into) {
  auto* received = static_cast<Received*>(into);
  const std::size_t bytes = size * count;
  if (bytes > kMostFetched - received->body.size()) {
    received->too_long = true;
    return 0;  // ends the transfer
  }
  received->body.append(data, bytes);
  return bytes;
}

// In words of ours: libcurl's may hold what the provider said.
const char* why(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return "did not answer in time";
    case CURLE_COULDNT_RESOLVE_HOST: return "has a name that cannot be looked up";
    case CURLE_COULDNT_CONNECT: return "could not be connected to";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE: return "has no valid TLS certificate";
    case CURLE_SSL_CONNECT_ERROR: return "could not be spoken to by TLS";
    default: return "gave no answer in HTTP";
  }
}

class Handle {
 public:
  explicit Handle(const curl::Library& api) : api_(api), curl_(api.easy_init()) {}
  ~Handle() {
    if (curl_ != nullptr) api_.easy_cleanup(curl_);
    api_.slist_free_all(lines_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  // Once one has failed, good() is false: without a wall nothing is sent.
  template <class Value>
  void set(CURLoption option, Value value) {
    good_ = good_ && api_.easy_setopt(curl_, option, value) == CURLE_OK;
  }
  void add_header(const std::string& line) {
    curl_slist* longer = api_.slist_append(lines_, line.c_str());
    good_ = good_ && longer != nullptr;
    if (longer != nullptr) lines_ = longer;
  }
  void watch(const curl::Stop& stop) { good_ = good_ && stop.watch(api_, curl_); }
  bool good() const { return good_; }
  CURL* get() const { return curl_; }
  curl_slist* lines() const { return lines_; }

 private:
  const curl::Library& api_;
  CURL* curl_;
  curl_slist* lines_ = nullptr;
  bool good_ = curl_ != nullptr;
};

class CurlFetcher : public Fetcher {
 public:
  CurlFetcher(const curl::Library& api, FetcherOptions options)
      : api_(api), options_(std::move(options)) {}

  Result<Fetched> fetch(const Fetch& request) override {
    Handle handle(api_);
    Received received;
    if (handle.good()) {
      ask(handle, request);
      restrict(handle, request, received);
      handle.watch(stop_);
    }
    if (!handle.good())
      return fail(ErrorCode::unavailable, "The request to the sign-in provider was not possible.");
    const CURLcode code = api_.easy_perform(handle.get());
    if (received.too_long)
      return fail(ErrorCode::limit_exceeded, "The sign-in provider's answer is too long.");
    if (code == CURLE_ABORTED_BY_CALLBACK)
      return fail(ErrorCode::unavailable, "The service is being stopped; sign in once more.");
    if (code != CURLE_OK)
      return fail(ErrorCode::unavailable,
                  std::string("The sign-in provider ") + why(code) + "; try again later.");
    long status = 0;
    api_.easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    return Fetched{static_cast<int>(status), std::move(received.body)};
  }

  void stop() override { stop_.ask(); }

 private:
  void ask(Handle& handle, const Fetch& request) const {
    handle.set(CURLOPT_URL, request.url.c_str());
    if (request.form) {
      handle.set(CURLOPT_POST, 1L);
      handle.set(CURLOPT_POSTFIELDS, request.form->data());
      handle.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.form->size()));
    }
    for (const std::string& header : request.headers) handle.add_header(header);
    handle.add_header("Expect:");
    handle.add_header("User-Agent: CADLens");
    handle.set(CURLOPT_HTTPHEADER, handle.lines());
  }

  void restrict(Handle& handle, const Fetch& request, Received& received) const {
    handle.set(CURLOPT_NOSIGNAL, 1L);
    handle.set(CURLOPT_PROTOCOLS_STR, request.url.starts_with("https:") ? "https" : "http");
    handle.set(CURLOPT_FOLLOWLOCATION, 0L);
    // An empty proxy overrides the environment's: a client secret goes to the provider alone.
    handle.set(CURLOPT_PROXY, "");
    handle.set(CURLOPT_NOPROXY, "*");
    handle.set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    handle.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    handle.set(CURLOPT_SSL_VERIFYPEER, 1L);
    handle.set(CURLOPT_SSL_VERIFYHOST, 2L);
    handle.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    handle.set(CURLOPT_FORBID_REUSE, 1L);
    handle.set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
    handle.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.timeout.count()));
    if (!options_.ca_file.empty()) {
      handle.set(CURLOPT_CAINFO, options_.ca_file.c_str());
      handle.set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    handle.set(CURLOPT_WRITEFUNCTION, take_body);
    handle.set(CURLOPT_WRITEDATA, &received);
  }

  const curl::Library& api_;
  FetcherOptions options_;
  curl::Stop stop_;
};

}  // namespace

Result<std::unique_ptr<Fetcher>> make_fetcher(const FetcherOptions& options) {
  CAD_ASSIGN(const curl::Library* library, curl::library());
  return std::make_unique<CurlFetcher>(*library, options);
}

}  // namespace cad::oauth
