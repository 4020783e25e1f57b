// SPDX-License-Identifier: Apache-2.0
#include "s3/client.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <thread>

#include "crypto/hash.hpp"
#include "logging/quoted.hpp"
#include "s3/errors.hpp"
#include "s3/xml.hpp"

namespace cad::s3 {

struct Client::Call {
  Call(std::string_view an_operation, std::string_view a_method, std::string_view a_key,
       Pairs a_query = {})
      : operation(an_operation), method(a_method), key(a_key), query(std::move(a_query)) {}

  std::string_view operation, method;
  std::string key;  // without the prefix; empty: the bucket
  Pairs query, headers;
  std::span<const std::byte> body;
  std::string sha256 = crypto::sha256_hex("");  // of the body
  std::size_t most_answer = 1u << 20;
  bool patient = false;         // the server may think for minutes
  bool may_fail_late = false;   // an <Error> may come with status 200
  bool may_be_unknown = false;  // INVALID_ARGUMENT then, whatever the server says it with
};

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kMostPause{2'000};
constexpr std::size_t kMostListBytes = 4u << 20;
constexpr std::string_view kSse = "x-amz-server-side-encryption";

std::string hex_of(std::span<const std::byte> bytes) {
  return crypto::to_hex(crypto::as_bytes(crypto::sha256(bytes)));
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// "2026-11-27T07:22:27.123Z"; 0 when it is no time.
std::int64_t unix_ms(std::string_view text) {
  std::tm utc{};
  const std::string copy(text);
  const char* const rest = ::strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &utc);
  if (rest == nullptr) return 0;
  std::int64_t ms = 0;
  if (*rest == '.' && copy.size() >= static_cast<std::size_t>(rest - copy.c_str()) + 4)
    std::from_chars(rest + 1, rest + 4, ms);
  return static_cast<std::int64_t>(::timegm(&utc)) * 1000 + ms;
}

// Between a half and the whole, so that many who failed together do not come back together.
std::chrono::milliseconds with_jitter(std::chrono::milliseconds pause) {
  std::uint16_t random = 0;
  crypto::random_bytes(std::as_writable_bytes(std::span(&random, 1)));
  return pause / 2 + pause / 2 * random / 65536;
}

std::chrono::milliseconds asked_pause(const HttpAnswer& answer) {
  return std::chrono::seconds(std::min<std::uint64_t>(number(answer.header("retry-after")), 60));
}

tl::unexpected<Error> odd_answer() {
  return fail(ErrorCode::unavailable, "The S3 server's answer lacks what S3 answers.");
}

bool is_md5(std::string_view etag) {
  return etag.size() == 34 && etag.front() == '"' && etag.back() == '"' &&
         etag.find_first_not_of("0123456789abcdef", 1) == 33;
}

}  // namespace

Client::Client(Settings settings, std::shared_ptr<const Credentials> credentials,
               ClientOptions options, std::unique_ptr<Http> http)
    : settings_(std::move(settings)),
      credentials_(std::move(credentials)),
      options_(std::move(options)),
      http_(std::move(http)),
      outage_(options_.log, "s3") {}

Result<std::unique_ptr<Client>> Client::make(Settings settings,
                                             std::shared_ptr<const Credentials> credentials,
                                             ClientOptions options) {
  CAD_ASSIGN(auto http, Http::make(options.times, settings.ca_file));
  return std::unique_ptr<Client>(
      new Client(std::move(settings), std::move(credentials), std::move(options), std::move(http)));
}

std::int64_t Client::now() const {
  return options_.clock ? options_.clock() : static_cast<std::int64_t>(std::time(nullptr));
}

Result<HttpAnswer> Client::once(const Call& call, bool hurry) {
  const std::int64_t at = now();
  ToSign sign{std::string(call.method), settings_.path_of(call.key), call.query, call.headers,
              call.sha256};
  sign.headers.emplace_back("host", settings_.authority());
  sign.headers.emplace_back("x-amz-content-sha256", call.sha256);
  sign.headers.emplace_back("x-amz-date", amz_date(at));
  if (!credentials_->session_token.empty())
    sign.headers.emplace_back("x-amz-security-token", credentials_->session_token);
  HttpRequest request;
  request.method = call.method;
  request.url = (settings_.https ? "https://" : "http://") + settings_.authority() + sign.path;
  if (!call.query.empty()) request.url += "?" + canonical_query(call.query);
  request.headers = sign.headers;
  request.headers.emplace_back("authorization",
                               authorization(sign, {settings_.region}, *credentials_, at));
  request.body = call.body;
  request.most_answer = call.most_answer;
  request.patient = call.patient;
  request.hurry = hurry;
  return http_->perform(request);
}

Result<HttpAnswer> Client::run(const Call& call) {
  const auto begun = Clock::now();
  auto pause = options_.first_pause;
  for (int attempt = 1;; ++attempt) {
    const bool away = outage_.is_away();
    auto answer = once(call, away && !is_time_to_wait());
    Refusal refusal;
    std::chrono::milliseconds wanted{0};
    if (!answer) {
      refusal.error = answer.error();
      refusal.passing = true;
    } else {
      const bool success = answer->status >= 200 && answer->status < 300;
      if (success && !(call.may_fail_late && answer->body.find("<Error>") != std::string::npos)) {
        outage_.is_back();
        return answer;
      }
      refusal = refusal_of(*answer);
      if (call.may_be_unknown && (answer->status == 405 || answer->status == 501))
        refusal.error.code = ErrorCode::invalid_argument;
      wanted = asked_pause(*answer);
    }
    const auto wait = std::max(with_jitter(pause), wanted);
    const bool again =
        refusal.passing && !away && Clock::now() - begun + wait <= options_.retry_for;
    const bool expected = refusal.error.code == ErrorCode::not_found ||
                          refusal.error.code == ErrorCode::conflict ||
                          refusal.error.code == ErrorCode::invalid_argument;
    const bool known = away && refusal.passing;
    if (options_.log != nullptr && !expected && !known && (attempt == 1 || !again))
      options_.log->warn(
          "event=s3_refused operation={} attempt={} again={} s3_request={} reason={}",
          call.operation, attempt, again, logging::quoted(refusal.request_id),
          logging::quoted(refusal.error.message));
    const bool silent = refusal.error.code == ErrorCode::unavailable && !refusal.throttled;
    if (!silent) outage_.is_back();
    if (!again) {
      if (refusal.passing && silent) {
        if (!away) wait_at_ = Clock::now() + options_.wait_every;
        outage_.went_away(refusal.error.message);
      }
      return tl::unexpected(std::move(refusal.error));
    }
    std::this_thread::sleep_for(wait);
    pause = std::min(pause * 2, kMostPause);
  }
}

// Only who waits for it as usual finds a server back that has become slow.
bool Client::is_time_to_wait() {
  const auto now = Clock::now();
  auto at = wait_at_.load();
  return now >= at && wait_at_.compare_exchange_strong(at, now + options_.wait_every);
}

void Client::ask_for_encryption(Call& call) const {
  if (settings_.sse.empty()) return;
  call.headers.emplace_back(kSse, settings_.sse);
  if (!settings_.kms_key.empty())
    call.headers.emplace_back("x-amz-server-side-encryption-aws-kms-key-id", settings_.kms_key);
}

Result<void> Client::check_encryption(const HttpAnswer& answer) const {
  const std::string_view said = answer.header(kSse);
  if (said.empty() || settings_.sse.empty() || said == settings_.sse) return {};
  return fail(ErrorCode::integrity,
              "The S3 server encrypts otherwise than it was asked to; nothing is kept there.");
}

Result<void> Client::check_etag(const HttpAnswer& answer, std::span<const std::byte> bytes) const {
  const std::string_view etag = answer.header("etag");
  if (etag.empty()) return odd_answer();
  const bool kms = answer.header(kSse).starts_with("aws:kms") || settings_.sse == "aws:kms";
  if (kms || settings_.opaque_etags || !is_md5(etag)) return {};
  const auto ours = crypto::md5_hex(bytes);
  if (!ours || etag == "\"" + *ours + "\"") return {};
  return fail(ErrorCode::integrity,
              "The S3 server stored other bytes than were sent (or its ETags are no MD5: then set "
              "etag=opaque in CADLENS_S3_URL).");
}

Result<Stored> Client::put(std::string_view key, std::span<const std::byte> bytes,
                           std::string_view if_match, std::string_view content_type) {
  Call call("put", "PUT", key);
  call.body = bytes;
  const crypto::Digest digest = crypto::sha256(bytes);
  const std::string checksum = crypto::to_base64(crypto::as_bytes(digest));
  call.sha256 = crypto::to_hex(crypto::as_bytes(digest));
  call.headers.emplace_back("x-amz-checksum-sha256", checksum);
  if (!if_match.empty()) call.headers.emplace_back("if-match", if_match);
  call.headers.emplace_back("content-type", content_type);
  ask_for_encryption(call);
  CAD_ASSIGN(const HttpAnswer answer, run(call));
  auto checked = check_encryption(answer);
  if (checked) checked = check_etag(answer, bytes);
  const std::string_view theirs = answer.header("x-amz-checksum-sha256");
  if (checked && !theirs.empty() && theirs != checksum)
    checked = fail(ErrorCode::integrity, "The S3 server stored other bytes than were sent.");
  if (!checked) {
    (void)remove(key);
    return tl::unexpected(std::move(checked.error()));
  }
  return Stored{std::string(answer.header("etag")), std::string(answer.header(kSse)), bytes.size()};
}

Result<Fetched> Client::get(std::string_view key, std::uint64_t offset, std::uint64_t length,
                            std::string_view if_match) {
  Call call("get", "GET", key);
  call.headers.emplace_back(
      "range", "bytes=" + std::to_string(offset) + "-" + std::to_string(offset + length - 1));
  if (!if_match.empty()) call.headers.emplace_back("if-match", if_match);
  call.most_answer = std::max<std::size_t>(length, 64 * 1024);  // an error is longer
  CAD_ASSIGN(HttpAnswer answer, run(call));
  Fetched out;
  out.etag = answer.header("etag");
  const std::string_view range = answer.header("content-range");
  const auto slash = range.find('/');
  if (answer.status == 206 && slash != range.npos) {
    out.size = number(range.substr(slash + 1));
  } else if (answer.status == 200 && offset == 0) {
    out.size = answer.body.size();
  } else {
    return odd_answer();
  }
  if (out.etag.empty() || offset > out.size ||
      answer.body.size() != std::min<std::uint64_t>(length, out.size - offset))
    return odd_answer();
  out.bytes = std::move(answer.body);
  return out;
}

Result<Stored> Client::head(std::string_view key) {
  Call call("head", "HEAD", key);
  CAD_ASSIGN(const HttpAnswer answer, run(call));
  return Stored{std::string(answer.header("etag")), std::string(answer.header(kSse)),
                number(answer.header("content-length"))};
}

Result<void> Client::remove(std::string_view key) {
  Call call("delete", "DELETE", key);
  const auto answer = run(call);
  if (answer || answer.error().code == ErrorCode::not_found) return {};
  return tl::unexpected(answer.error());
}

// S3 answers the same whether there was one or not.
Result<void> Client::remove_many(std::span<const std::string> keys) {
  while (!keys.empty()) {
    const auto page = keys.first(std::min(keys.size(), kMostRemoved));
    keys = keys.subspan(page.size());
    std::vector<std::string> left(page.begin(), page.end());
    if (page.size() > 1 && !removes_singly_) {
      CAD_ASSIGN(left, remove_page(page));
    }
    for (const std::string& key : left) CAD_TRY(remove(key));
  }
  return {};
}

// What remains to be removed one by one: that has its own errors, and its own patience.
Result<std::vector<std::string>> Client::remove_page(std::span<const std::string> keys) {
  std::string body =
      "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>";
  for (const std::string& key : keys)
    body += "<Object><Key>" + xml_escape(settings_.prefix + key) + "</Key></Object>";
  body += "</Delete>";
  Call call("delete", "POST", "", {{"delete", ""}});
  call.may_be_unknown = true;
  call.body = crypto::as_bytes(body);
  const crypto::Digest digest = crypto::sha256(call.body);
  call.sha256 = crypto::to_hex(crypto::as_bytes(digest));
  call.headers.emplace_back("content-type", "application/xml");
  // One of the two is asked for; not all servers know the second, not all machines allow the first.
  if (const auto md5 = crypto::md5_hex(call.body))
    call.headers.emplace_back("content-md5",
                              crypto::to_base64(crypto::as_bytes(*crypto::from_hex(*md5))));
  else
    call.headers.emplace_back("x-amz-checksum-sha256", crypto::to_base64(crypto::as_bytes(digest)));
  const auto answer = run(call);
  if (!answer && answer.error().code == ErrorCode::invalid_argument) {
    removes_singly_ = true;  // a server that does not know it
    return std::vector<std::string>(keys.begin(), keys.end());
  }
  if (!answer) return tl::unexpected(answer.error());
  CAD_ASSIGN(const Element root, parse_xml(answer->body));
  if (root.name != "DeleteResult") return odd_answer();
  std::vector<std::string> left;
  for (const Element& entry : root.children) {
    const std::string_view key = entry.value("Key");
    if (entry.name != "Error" || entry.value("Code") == "NoSuchKey") continue;
    if (!key.starts_with(settings_.prefix)) return odd_answer();
    left.emplace_back(key.substr(settings_.prefix.size()));
  }
  return left;
}

Result<ListPage> Client::list(std::string_view prefix, const std::string& from) {
  Call call("list", "GET", "",
            {{"list-type", "2"},
             {"max-keys", std::to_string(options_.list_page)},
             {"prefix", settings_.prefix + std::string(prefix)}});
  if (!from.empty()) call.query.emplace_back("continuation-token", from);
  call.most_answer = kMostListBytes;
  CAD_ASSIGN(const HttpAnswer answer, run(call));
  CAD_ASSIGN(const Element root, parse_xml(answer.body));
  if (root.name != "ListBucketResult") return odd_answer();
  ListPage page;
  for (const Element& entry : root.children) {
    const std::string_view key = entry.value("Key");
    if (entry.name != "Contents" || !key.starts_with(settings_.prefix)) continue;
    page.objects.push_back(
        {std::string(key.substr(settings_.prefix.size())), unix_ms(entry.value("LastModified"))});
  }
  if (root.value("IsTruncated") == "true") {
    page.next = root.value("NextContinuationToken");
    if (page.next.empty() || page.next == from) return odd_answer();
  }
  return page;
}

Result<std::string> Client::create_upload(std::string_view key) {
  Call call("multipart", "POST", key, {{"uploads", ""}});
  ask_for_encryption(call);
  CAD_ASSIGN(const HttpAnswer answer, run(call));
  CAD_ASSIGN(const Element root, parse_xml(answer.body));
  std::string id(root.value("UploadId"));
  if (id.empty()) return odd_answer();
  if (auto checked = check_encryption(answer); !checked) {
    (void)abort_upload(key, id);
    return tl::unexpected(std::move(checked.error()));
  }
  return id;
}

Result<std::string> Client::upload_part(std::string_view key, const std::string& id,
                                        std::size_t part, std::span<const std::byte> bytes) {
  Call call("put", "PUT", key, {{"partNumber", std::to_string(part)}, {"uploadId", id}});
  call.body = bytes;
  call.sha256 = hex_of(bytes);

  CAD_ASSIGN(const HttpAnswer answer, run(call));
  CAD_TRY(check_etag(answer, bytes));
  return std::string(answer.header("etag"));
}

Result<std::string> Client::copy_part(std::string_view key, const std::string& id, std::size_t part,
                                      std::string_view from, std::string_view if_match,
                                      std::uint64_t first, std::uint64_t last) {
  Call call("multipart", "PUT", key, {{"partNumber", std::to_string(part)}, {"uploadId", id}});
  call.headers = {
      {"x-amz-copy-source",
       "/" + settings_.bucket + "/" + uri_encode(settings_.prefix + std::string(from), true)},
      {"x-amz-copy-source-range", "bytes=" + std::to_string(first) + "-" + std::to_string(last)}};
  if (!if_match.empty()) call.headers.emplace_back("x-amz-copy-source-if-match", if_match);
  call.patient = call.may_fail_late = true;
  CAD_ASSIGN(const HttpAnswer answer, run(call));
  CAD_ASSIGN(const Element root, parse_xml(answer.body));
  std::string etag(root.value("ETag"));
  if (etag.empty()) return odd_answer();
  return etag;
}

Result<Stored> Client::complete_upload(std::string_view key, const std::string& id,
                                       const std::vector<std::string>& etags) {
  std::string body = "<CompleteMultipartUpload>";
  for (std::size_t i = 0; i < etags.size(); ++i)
    body += "<Part><PartNumber>" + std::to_string(i + 1) + "</PartNumber><ETag>" +
            xml_escape(etags[i]) + "</ETag></Part>";
  body += "</CompleteMultipartUpload>";
  Call call("multipart", "POST", key, {{"uploadId", id}});
  call.body = crypto::as_bytes(body);
  call.sha256 = hex_of(call.body);

  call.patient = call.may_fail_late = true;
  CAD_ASSIGN(const HttpAnswer answer, run(call));
  CAD_ASSIGN(const Element root, parse_xml(answer.body));
  if (root.name != "CompleteMultipartUploadResult") return odd_answer();
  if (auto checked = check_encryption(answer); !checked) {
    (void)remove(key);
    return tl::unexpected(std::move(checked.error()));
  }
  return Stored{std::string(root.value("ETag")), std::string(answer.header(kSse)), 0};
}

Result<void> Client::abort_upload(std::string_view key, const std::string& id) {
  Call call("multipart", "DELETE", key, {{"uploadId", id}});
  const auto answer = run(call);
  if (answer || answer.error().code == ErrorCode::not_found) return {};
  return tl::unexpected(answer.error());
}

Result<UploadPage> Client::list_uploads(const std::string& from_key, const std::string& from_id) {
  Call call("list", "GET", "", {{"uploads", ""}, {"prefix", settings_.prefix}});
  if (!from_key.empty()) call.query.emplace_back("key-marker", from_key);
  if (!from_id.empty()) call.query.emplace_back("upload-id-marker", from_id);
  call.most_answer = kMostListBytes;
  CAD_ASSIGN(const HttpAnswer answer, run(call));
  CAD_ASSIGN(const Element root, parse_xml(answer.body));
  if (root.name != "ListMultipartUploadsResult") return odd_answer();
  UploadPage page;
  for (const Element& entry : root.children) {
    const std::string_view key = entry.value("Key");
    if (entry.name != "Upload" || !key.starts_with(settings_.prefix)) continue;
    page.uploads.push_back({std::string(key.substr(settings_.prefix.size())),
                            std::string(entry.value("UploadId")),
                            unix_ms(entry.value("Initiated"))});
  }
  if (root.value("IsTruncated") == "true") {
    page.next_key = root.value("NextKeyMarker");
    page.next_id = root.value("NextUploadIdMarker");
    if (page.next_key.empty() || (page.next_key == from_key && page.next_id == from_id))
      return odd_answer();
  }
  return page;
}

Result<std::string> Client::presigned_get(std::string_view key, std::int64_t seconds,
                                          std::string_view base) const {
  if (seconds < 1 || seconds > kMostPresignedSeconds)
    return fail(ErrorCode::invalid_argument, "A link to an object lives for at most an hour.");
  std::string host = settings_.authority();
  std::string start = (settings_.https ? "https://" : "http://") + host;
  if (!base.empty()) {
    start = base;
    host = base.substr(base.find("://") + 3);
  }
  const ToSign request{"GET", settings_.path_of(key), {}, {{"host", host}}, ""};
  return start + request.path + "?" +
         presigned_query(request, {settings_.region}, *credentials_, now(), seconds);
}

}  // namespace cad::s3
