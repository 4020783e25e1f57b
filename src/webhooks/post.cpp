// SPDX-License-Identifier: Apache-2.0
#include "webhooks/post.hpp"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>

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
std::string why(CURLcode code, const Transfer& transfer) {
  if (transfer.strayed) return "The connection was to go to an address that was not judged.";
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return "The receiver did not answer within 10 seconds.";
    case CURLE_COULDNT_CONNECT: return "The receiver could not be connected to.";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE: return "The receiver's TLS certificate is not valid.";
    case CURLE_SSL_CONNECT_ERROR: return "The TLS connection could not be made.";
    case CURLE_GOT_NOTHING: return "The receiver closed the connection without an answer.";
    case CURLE_WEIRD_SERVER_REPLY: return "The receiver's answer is not HTTP.";
    default: return std::string("The request failed: ") + curl_easy_strerror(code) + ".";
  }
}

struct List {
  curl_slist* head = nullptr;
  void add(const std::string& text) { head = curl_slist_append(head, text.c_str()); }
  ~List() { curl_slist_free_all(head); }
};

class CurlPoster : public Poster {
 public:
  explicit CurlPoster(PosterOptions options) : options_(std::move(options)) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  }

  Posted post(const Destination& to, const std::vector<std::string>& headers,
              std::string_view body) override {
    CURL* curl = curl_easy_init();
    if (curl == nullptr) return {std::nullopt, "The request could not be set up.", std::nullopt};
    Transfer transfer{&to};
    List lines, names;
    for (const std::string& header : headers) lines.add(header);
    lines.add("Expect:");
    lines.add("Accept: */*");
    if (!to.url.address) names.add(pinned(to));
    request(curl, to.url, body);
    restrict(curl, transfer);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines.head);
    curl_easy_setopt(curl, CURLOPT_RESOLVE, names.head);
    const CURLcode code = curl_easy_perform(curl);
    Posted out = outcome(curl, code, transfer);
    curl_easy_cleanup(curl);
    return out;
  }

 private:
  void request(CURL* curl, const Url& url, std::string_view body) const {
    curl_easy_setopt(curl, CURLOPT_URL, url.text.c_str());
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.timeout.count()));
    if (!options_.ca_file.empty()) {
      curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
      curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    }
  }

  static void restrict(CURL* curl, Transfer& transfer) {
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    // An empty proxy overrides the environment's.
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &transfer);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  }

  static Posted outcome(CURL* curl, CURLcode code, const Transfer& transfer) {
    Posted out;
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    // An answer that is longer than we read is an answer.
    const bool answered = code == CURLE_OK || (code == CURLE_WRITE_ERROR && status != 0);
    if (!answered || status == 0) {
      out.error = why(code, transfer);
      return out;
    }
    out.status = static_cast<int>(status);
    curl_off_t seconds = 0;
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds);
    constexpr curl_off_t kMostSeconds = 1'000'000;
    if (seconds > 0) out.retry_after = std::chrono::seconds(std::min(seconds, kMostSeconds));
    return out;
  }

  PosterOptions options_;
};

}  // namespace

std::unique_ptr<Poster> make_poster(const PosterOptions& options) {
  return std::make_unique<CurlPoster>(options);
}

}  // namespace cad::webhooks
