// SPDX-License-Identifier: Apache-2.0
#include "s3/errors.hpp"

#include <algorithm>
#include <array>

#include "s3/xml.hpp"

namespace cad::s3 {
namespace {

// What the server says is not trusted to be fit for a log or a message.
std::string plain(std::string_view text) {
  std::string out(text.substr(0, 100));
  std::erase_if(out, [](char c) {
    return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '-' || c == '_' || c == '.' || c == '/' || c == '=' || c == '+');
  });
  return out;
}

struct Known {
  std::string_view code;
  ErrorCode means;
  bool passing;
  std::string_view message;
};

constexpr std::array kKnown{
    Known{"NoSuchKey", ErrorCode::not_found, false, "There is no such object."},
    Known{"NoSuchUpload", ErrorCode::not_found, false, "There is no such upload."},
    Known{"PreconditionFailed", ErrorCode::conflict, false,
          "The object was replaced in the meantime."},
    Known{"InvalidRange", ErrorCode::integrity, false, "A stored object has been cut off."},
    Known{"BadDigest", ErrorCode::integrity, true,
          "The S3 server received other bytes than were sent."},
    Known{"XAmzContentSHA256Mismatch", ErrorCode::integrity, true,
          "The S3 server received other bytes than were sent."},
    Known{"NoSuchBucket", ErrorCode::internal, false,
          "The S3 server has no such bucket; make it, or correct CADLENS_S3_URL."},
    Known{"RequestTimeTooSkewed", ErrorCode::internal, false,
          "The S3 server refuses our requests because this machine's clock and its own differ too "
          "much; set the clock (NTP)."},
    Known{"InvalidAccessKeyId", ErrorCode::internal, false,
          "The S3 server does not know the access key; check CADLENS_S3_ACCESS_KEY."},
    Known{
        "SignatureDoesNotMatch", ErrorCode::internal, false,
        "The S3 server does not accept our signature; check CADLENS_S3_SECRET_KEY, and the region "
        "in CADLENS_S3_URL."},
    Known{"ExpiredToken", ErrorCode::internal, false,
          "The S3 credentials have expired; give the service new ones and start it again."},
    Known{"InvalidToken", ErrorCode::internal, false,
          "The S3 server does not accept the session token; check AWS_SESSION_TOKEN."},
    Known{"AuthorizationHeaderMalformed", ErrorCode::internal, false,
          "The S3 server does not accept our signature; the region in CADLENS_S3_URL is probably "
          "not that of the bucket."},
    Known{"NotImplemented", ErrorCode::invalid_argument, false,
          "The S3 server does not know something that was asked of it; if that is encryption, see "
          "sse= in CADLENS_S3_URL."},
    Known{"MethodNotAllowed", ErrorCode::invalid_argument, false,
          "The S3 server does not know something that was asked of it."},
    Known{"KMS.DisabledException", ErrorCode::internal, false,
          "The key of kms-key= in CADLENS_S3_URL is disabled."},
    Known{"KMS.NotFoundException", ErrorCode::internal, false,
          "The key of kms-key= in CADLENS_S3_URL does not exist."},
    Known{"RequestTimeout", ErrorCode::unavailable, true, "The S3 server did not get our request."},
    Known{"SlowDown", ErrorCode::unavailable, true, "The S3 server asks to slow down."},
    Known{"InternalError", ErrorCode::unavailable, true, "The S3 server has failed."},
    Known{"ServiceUnavailable", ErrorCode::unavailable, true, "The S3 server is not available."},
};

Known by_status(int status) {
  if (status == 429) return {"", ErrorCode::unavailable, true, "The S3 server asks to slow down."};
  if (status >= 500)
    return {"", ErrorCode::unavailable, status != 501, "The S3 server is not available."};
  switch (status) {
    case 404: return {"", ErrorCode::not_found, false, "There is no such object."};
    case 408: return {"", ErrorCode::unavailable, true, "The S3 server did not get our request."};
    case 409: return {"", ErrorCode::unavailable, true, "The S3 server is at work on the object."};
    case 412: return {"", ErrorCode::conflict, false, "The object was replaced in the meantime."};
    case 416: return {"", ErrorCode::integrity, false, "A stored object has been cut off."};
    case 401:
    case 403:
      return {
          "", ErrorCode::internal, false,
          "The S3 server refuses access; check the credentials, what the bucket's policy allows "
          "them, and this machine's clock."};
    default: break;
  }
  if (status >= 300 && status < 400)
    return {"", ErrorCode::internal, false,
            "The S3 server points elsewhere; the host or region in CADLENS_S3_URL is probably not "
            "that of the bucket."};
  return {"", ErrorCode::internal, false, "The S3 server does not accept our request."};
}

Known meaning(int status, std::string_view code) {
  const auto found = std::ranges::find(kKnown, code, &Known::code);
  if (found != kKnown.end()) return *found;
  // An <Error> behind a status of success tells nothing by its status.
  return by_status(status < 300 ? 503 : status);
}

}  // namespace

Refusal refusal_of(const HttpAnswer& answer) {
  Refusal out;
  std::string code;  // S3's own, such as "SlowDown"; empty: the server gave none
  out.request_id = plain(answer.header("x-amz-request-id"));
  if (const auto body = parse_xml(answer.body); body && body->name == "Error") {
    code = plain(body->value("Code"));
    if (out.request_id.empty()) out.request_id = plain(body->value("RequestId"));
  }
  const Known known = meaning(answer.status, code);
  out.passing = known.passing;
  out.throttled = code.starts_with("SlowDown") || answer.slow_down || answer.status == 429;
  out.error.code = known.means;
  out.error.message = known.message;
  if (known.means == ErrorCode::internal || known.means == ErrorCode::unavailable)
    out.error.message +=
        " (" + std::to_string(answer.status) + (code.empty() ? "" : " " + code) + ")";
  return out;
}

}  // namespace cad::s3
