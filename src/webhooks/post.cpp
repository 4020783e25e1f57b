// SPDX-License-Identifier: Apache-2.0
#include "webhooks/post.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "curl/stop.hpp"

namespace cad::webhooks {
namespace {

constexpr std::size_t kMostAnswer = 4096;

struct Transfer {
  const Destination* to = nullptr;
  std::size_t received = 0;
  bool strayed = false;  // the library wanted to go elsewhere
};

std::size_t take_body(char*, std::size_t size, std::size_t count, void* data) {
  auto* transfer = static_cast<Transfer*>(data);
  transfer->received += size * count;
  return transfer->received > kMostAnswer ? 0 : size * count;  // 0 ends the transfer
}

// The last gate: whatever happened before, no other address is connected to.
curl_socket_t open_socket(void* data, curlsocktype, curl_sockaddr* address) {
  auto* transfer = static_cast<Transfer*>(data);
  const auto wanted = from_sockaddr(&address->addr);
  const auto& allowed = transfer->to->addresses;
  if (!wanted || std::find(allowed.begin(), allowed.end(), *wanted) == allowed.end()) {
    transfer->strayed = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// "host:port:address,address": libcurl then looks nothing up.
std::string pinned(const Destination& to) {
  std::string out = to.url.host + ":" + std::to_string(to.url.port) + ":";
  for (std::size_t i = 0; i < to.addresses.size(); ++i) {
    if (i > 0) out.push_back(',');
    const std::string text = to_string(to.addresses[i]);
    out += to.addresses[i].six ? "[" + text + "]" : text;
  }
  return out;
}

// In words of ours: libcurl's may hold what the receiver said.
std::string why(const curl::Library& api, CURLcode code, const Transfer& transfer) {
  if (transfer.strayed) return "The connection was to go to an address that was not judged.";
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK: return "The service was stopped meanwhile.";
    case CURLE_OPERATION_TIMEDOUT: return "The receiver did not answer within 10 seconds.";
    case CURLE_COULDNT_CONNECT: return "The receiver could not be connected to.";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE: return "The receiver's TLS certificate is not valid.";
    case CURLE_SSL_CONNECT_ERROR: return "The TLS connection could not be made.";
    case CURLE_GOT_NOTHING: return "The receiver closed the connection without an answer.";
    case CURLE_WEIRD_SERVER_REPLY: return "The receiver's answer is not HTTP.";
    default: return std::string("The request failed: ") + api.easy_strerror(code) + ".";
  }
}

class List {
 public:
  explicit List(const curl::Library& api) : api_(api) {}
  ~List() { api_.slist_free_all(head_); }
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  void add(const std::string& text) { head_ = api_.slist_append(head_, text.c_str()); }
  curl_slist* head() const { return head_; }

 private:
  const curl::Library& api_;
  curl_slist* head_ = nullptr;
};

class CurlPoster : public Poster {
 public:
  CurlPoster(const curl::Library& api, PosterOptions options)
      : api_(api), options_(std::move(options)) {}

  Posted post(const Destination& to, const std::vector<std::string>& headers,
              std::string_view body) override {
    CURL* curl = api_.easy_init();
    if (curl == nullptr) return {std::nullopt, "The request could not be set up.", std::nullopt};
    Transfer transfer{&to};
    List lines(api_), names(api_);
    for (const std::string& header : headers) lines.add(header);
    lines.add("Expect:");
    lines.add("Accept: */*");
    if (!to.url.address) names.add(pinned(to));
    request(curl, to.url, body);
    const bool safe = restrict(curl, transfer) && stop_.watch(api_, curl);
    api_.easy_setopt(curl, CURLOPT_HTTPHEADER, lines.head());
    api_.easy_setopt(curl, CURLOPT_RESOLVE, names.head());
    const CURLcode code = safe ? api_.easy_perform(curl) : CURLE_UNKNOWN_OPTION;
    Posted out = outcome(curl, code, transfer);
    api_.easy_cleanup(curl);
    return out;
  }

  void stop() override { stop_.ask(); }

 private:
  void request(CURL* curl, const Url& url, std::string_view body) const {
    api_.easy_setopt(curl, CURLOPT_URL, url.text.c_str());
    api_.easy_setopt(curl, CURLOPT_POST, 1L);
    api_.easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
    api_.easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    api_.easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
    api_.easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.timeout.count()));
    if (!options_.ca_file.empty()) {
      api_.easy_setopt(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
      api_.easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    }
  }

  // False: this libcurl lacks one of them, and then nothing is sent.
  [[nodiscard]] bool restrict(CURL* curl, Transfer& transfer) const {
    bool good = true;
    const auto set = [&](CURLoption option, auto value) {
      good = api_.easy_setopt(curl, option, value) == CURLE_OK && good;
    };
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    // An empty proxy overrides the environment's.
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOPROXY, "*");
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_FORBID_REUSE, 1L);
    set(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    set(CURLOPT_OPENSOCKETDATA, &transfer);
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_WRITEDATA, &transfer);
    return good;
  }

  Posted outcome(CURL* curl, CURLcode code, const Transfer& transfer) const {
    Posted out;
    long status = 0;
    api_.easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    // An answer that is longer than we read is an answer.
    const bool answered = code == CURLE_OK || (code == CURLE_WRITE_ERROR && status != 0);
    if (!answered || status == 0) {
      out.error = why(api_, code, transfer);
      return out;
    }
    out.status = static_cast<int>(status);
    curl_off_t seconds = 0;
    api_.easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds);
    constexpr curl_off_t kMostSeconds = 1'000'000;
    if (seconds > 0) out.retry_after = std::chrono::seconds(std::min(seconds, kMostSeconds));
    return out;
  }

  const curl::Library& api_;
  PosterOptions options_;
  curl::Stop stop_;
};

}  // namespace

Result<std::unique_ptr<Poster>> make_poster(const PosterOptions& options) {
  CAD_ASSIGN(const curl::Library* library, curl::library());
  return std::make_unique<CurlPoster>(*library, options);
}

}  // namespace cad::webhooks
