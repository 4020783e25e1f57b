// SPDX-License-Identifier: Apache-2.0
#include "s3/http.hpp"

#include <algorithm>

#include "curl/library.hpp"

namespace cad::s3 {
namespace {

constexpr std::size_t kMostHeaderBytes = 64 * 1024;
constexpr std::size_t kMostIdle = 32;

struct Transfer {
  const HttpRequest& request;
  HttpAnswer answer;
  std::size_t header_bytes = 0;
  bool too_long = false;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* into) {
  auto* transfer = static_cast<Transfer*>(into);
  std::string& body = transfer->answer.body;
  const std::size_t bytes = size * count;
  if (bytes > transfer->request.most_answer - body.size()) {
    transfer->too_long = true;
    return 0;  // ends the transfer
  }
  body.append(data, bytes);
  return bytes;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* into) {
  auto* transfer = static_cast<Transfer*>(into);
  const std::string_view line(data, size * count);
  transfer->header_bytes += line.size();
  if (transfer->header_bytes > kMostHeaderBytes) {
    transfer->too_long = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) {
    transfer->answer.headers.clear();  // after an interim answer
    transfer->answer.slow_down = trimmed(line).ends_with(" 503 Slow Down");
  }
  const auto colon = line.find(':');
  if (colon == line.npos) return line.size();
  std::string name(line.substr(0, colon));
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  transfer->answer.headers.emplace_back(std::move(name), trimmed(line.substr(colon + 1)));
  return line.size();
}

// In words of ours: libcurl's may hold what the server said.
std::string_view why(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return "did not answer in time";
    case CURLE_COULDNT_RESOLVE_HOST: return "has a name that cannot be looked up";
    case CURLE_COULDNT_CONNECT: return "could not be connected to";
    case CURLE_PEER_FAILED_VERIFICATION: return "has no valid TLS certificate";
    case CURLE_SSL_CACERT_BADFILE: return "cannot be verified: the file in ca= is not readable";
    case CURLE_SSL_CONNECT_ERROR: return "could not be spoken to by TLS";
    case CURLE_PARTIAL_FILE: return "broke off its answer";
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return "closed the connection";
    default: return "gave no answer in HTTP";
  }
}

HttpTimes hurried(HttpTimes times) {
  constexpr std::chrono::milliseconds kConnect{1'000}, kSilence{2'000};
  times.connect = std::min(times.connect, kConnect);
  times.silence = std::min(times.silence, kSilence);
  return times;
}

}  // namespace

std::string_view HttpAnswer::header(std::string_view name) const {
  for (const auto& [known, value] : headers)
    if (known == name) return value;
  return {};
}

struct Http::Pool {
  const curl::Library& api;
  HttpTimes times;
  std::string ca_file;
  std::mutex mutex;
  std::vector<CURL*> idle;  // each with its open connection

  Pool(const curl::Library& library, HttpTimes some_times, std::string ca)
      : api(library), times(some_times), ca_file(std::move(ca)) {}
  ~Pool() {
    for (CURL* curl : idle) api.easy_cleanup(curl);
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  CURL* take() {
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        CURL* curl = idle.back();  // the one whose connection was used last
        idle.pop_back();
        return curl;
      }
    }
    return api.easy_init();
  }
  void give_back(CURL* curl) {
    api.easy_reset(curl);  // keeps the connections
    {
      const std::lock_guard lock(mutex);
      if (idle.size() < kMostIdle) {
        idle.push_back(curl);
        return;
      }
    }
    api.easy_cleanup(curl);
  }
};

namespace {

// Sets up one transfer. Once an option has failed, good() is false, and nothing is sent.
class Setup {
 public:
  Setup(const curl::Library& api, CURL* curl) : api_(api), curl_(curl) {}
  ~Setup() { api_.slist_free_all(lines_); }
  Setup(const Setup&) = delete;
  Setup& operator=(const Setup&) = delete;

  bool good() const { return good_; }

  void ask(const HttpRequest& request) {
    set(CURLOPT_URL, request.url.c_str());
    for (const auto& [name, value] : request.headers) add(name + ": " + value);
    add("Expect:");
    add("Accept:");
    add("User-Agent: CADLens");
    if (request.method == "PUT" || request.method == "POST") {
      set(CURLOPT_POST, 1L);
      // Without a pointer libcurl would ask for the body elsewhere.
      set(CURLOPT_POSTFIELDS,
          request.body.empty() ? "" : reinterpret_cast<const char*>(request.body.data()));
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      const bool typed = std::ranges::any_of(
          request.headers, [](const auto& header) { return header.first == "content-type"; });
      if (!typed) add("Content-Type: application/octet-stream");
    }
    if (request.method == "HEAD") set(CURLOPT_NOBODY, 1L);
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    set(CURLOPT_HTTPHEADER, lines_);
  }

  void restrict(const HttpRequest& request, const HttpTimes& times, const std::string& ca_file) {
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, request.url.starts_with("https:") ? "https" : "http");
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
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(times.connect.count()));
    if (request.patient) {
      set(CURLOPT_TIMEOUT_MS, static_cast<long>(times.patience.count()));
    } else {
      const auto seconds = std::chrono::ceil<std::chrono::seconds>(times.silence).count();
      set(CURLOPT_LOW_SPEED_LIMIT, 1024L);
      set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(seconds));
      // Ten times what an answer takes at the lowest speed that is any use.
      constexpr long kBytesAMillisecond = 64;
      const auto bytes = static_cast<long>(std::max(request.body.size(), request.most_answer));
      set(CURLOPT_TIMEOUT_MS,
          static_cast<long>(times.silence.count()) * 2 + bytes / kBytesAMillisecond);
    }
    if (!ca_file.empty()) {
      set(CURLOPT_CAINFO, ca_file.c_str());
      set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
  }

  void receive(Transfer& transfer) {
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_WRITEDATA, &transfer);
    set(CURLOPT_HEADERFUNCTION, take_header);
    set(CURLOPT_HEADERDATA, &transfer);
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    good_ = good_ && api_.easy_setopt(curl_, option, value) == CURLE_OK;
  }
  void add(const std::string& line) {
    curl_slist* longer = api_.slist_append(lines_, line.c_str());
    good_ = good_ && longer != nullptr;
    if (longer != nullptr) lines_ = longer;
  }

  const curl::Library& api_;
  CURL* curl_;
  curl_slist* lines_ = nullptr;
  bool good_ = true;
};

}  // namespace

Http::Http(std::unique_ptr<Pool> pool) : pool_(std::move(pool)) {}
Http::~Http() = default;

Result<std::unique_ptr<Http>> Http::make(HttpTimes times, std::string ca_file) {
  CAD_ASSIGN(const curl::Library* library, curl::library());
  return std::unique_ptr<Http>(
      new Http(std::make_unique<Pool>(*library, times, std::move(ca_file))));
}

Result<HttpAnswer> Http::perform(const HttpRequest& request) {
  CURL* const curl = pool_->take();
  if (curl == nullptr) return fail(ErrorCode::unavailable, "The S3 request could not be set up.");
  Transfer transfer{request, {}};
  CURLcode code = CURLE_UNKNOWN_OPTION;
  {
    Setup setup(pool_->api, curl);
    setup.ask(request);
    setup.restrict(request, request.hurry ? hurried(pool_->times) : pool_->times, pool_->ca_file);
    setup.receive(transfer);
    if (setup.good()) code = pool_->api.easy_perform(curl);
    long status = 0;
    pool_->api.easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    transfer.answer.status = static_cast<int>(status);
    pool_->give_back(curl);  // before the list of headers goes
  }
  if (transfer.too_long)
    return fail(ErrorCode::unavailable, "The S3 server's answer is longer than it can be.");
  if (code != CURLE_OK)
    return fail(ErrorCode::unavailable, "The S3 server " + std::string(why(code)) + ".");
  return std::move(transfer.answer);
}

}  // namespace cad::s3
