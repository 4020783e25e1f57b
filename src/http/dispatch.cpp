// SPDX-License-Identifier: Apache-2.0
#include "http/dispatch.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "crypto/bytes.hpp"
#include "http/browser.hpp"
#include "http/compress.hpp"
#include "http/plan_gate.hpp"
#include "http/ranges.hpp"
#include "http/rate_gate.hpp"
#include "http/request_note.hpp"
#include "http/routes.hpp"
#include "http/transport/exposure.hpp"

namespace cad::http {
namespace {

constexpr std::size_t kCompressFrom = 1024;
constexpr std::uint64_t kMostJson = 64 * 1024;

// Bounds a body that does not say how long it is.
class BoundedBody : public BodyReader {
 public:
  BoundedBody(BodyReader& body, std::uint64_t most) : body_(body), left_(most) {}
  Result<std::size_t> read(std::span<std::byte> into) override {
    CAD_ASSIGN(const std::size_t count, body_.read(into));
    if (count > left_) return fail(ErrorCode::limit_exceeded, "The request is too large.");
    left_ -= count;
    return count;
  }
  std::optional<std::uint64_t> declared_size() const override { return body_.declared_size(); }

 private:
  BodyReader& body_;
  std::uint64_t left_;
};

bool is_plain_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
  });
}

std::string request_id_of(const Request& request) {
  const auto given = request.headers.find("X-Request-Id");
  return given && is_plain_id(*given) ? std::string(*given) : "req_" + crypto::random_hex(12);
}

ApiError to_error(const auth::Refusal& refusal) {
  switch (refusal.why) {
    case auth::Refusal::Why::unknown: return ApiError(401, refusal.code, refusal.message);
    case auth::Refusal::Why::forbidden: return ApiError(403, refusal.code, refusal.message);
    case auth::Refusal::Why::away: return ApiError(503, "UNAVAILABLE", refusal.message);
  }
  return ApiError(500, "INTERNAL", "Something went wrong on our side.");
}

tl::expected<void, ApiError> check_access(const Call& call, const Access& access) {
  if (access.needs_session() && !call.principal.is_session())
    return tl::unexpected(
        ApiError(403, "SESSION_NEEDED", "An API key cannot do this; sign in to the account."));
  if (access.scope() && !call.principal.has(*access.scope()))
    return tl::unexpected(ApiError(
        403, "FORBIDDEN",
        "The API key lacks the scope \"" + std::string(to_string(*access.scope())) + "\"."));
  if (call.principal.by_cookie && !is_same_origin(call))
    return tl::unexpected(ApiError(403, "CROSS_SITE",
                                   "A request that changes something must come from this "
                                   "service's own pages when a cookie signs it in."));
  return {};
}

tl::expected<void, ApiError> authorize(Call& call, const Route& route) {
  const Headers& headers = call.request.headers;
  auto who = call.api.authenticator.authenticate(
      {headers.find("Authorization"), cookie(call.request, kAccessCookie), call.request.remote});
  if (!who) {
    if (auto admitted = admit_address(call); !admitted) return admitted;
    if (route.access.needs_session() && !headers.find("Authorization"))
      return tl::unexpected(
          ApiError(401, "UNAUTHORIZED", "Sign in first: this needs an access token."));
    return tl::unexpected(to_error(who.error()));
  }
  call.principal = std::move(*who);
  if (auto admitted = admit_key(call); !admitted) return admitted;
  return check_access(call, route.access);
}

tl::expected<void, ApiError> admit(Call& call, const Route* route) {
  const bool open = route == nullptr || route->access.is_open();
  if (auto admitted = open ? admit_address(call) : authorize(call, *route); !admitted)
    return admitted;
  return route != nullptr && route->costly ? admit_costly(call) : tl::expected<void, ApiError>();
}

// Bytes of the body that the route may be sent.
tl::expected<std::uint64_t, ApiError> most_of(Body body, Call& call) {
  switch (body) {
    case Body::none: return 0;
    case Body::json: return kMostJson;
    case Body::upload: return admit_body(call);
  }
  return 0;
}

Answer answer(Call& call) {
  Request& request = call.request;
  Match found = match(routes(), request.method, request.segments);
  if (found.route) {
    call.pattern = found.route->pattern;
    call.params = std::move(found.params);
  }
  if (auto admitted = admit(call, found.route); !admitted)
    return tl::unexpected(std::move(admitted.error()));
  if (!found.route) {
    if (found.allowed.empty())
      return tl::unexpected(ApiError(404, "NOT_FOUND", "There is nothing at this path."));
    ApiError error(405, "METHOD_NOT_ALLOWED", "This path does not take " + request.method + ".");
    error.allow = found.allowed;
    return tl::unexpected(std::move(error));
  }
  const auto most = most_of(found.route->body, call);
  if (!most) return tl::unexpected(std::move(most.error()));
  BoundedBody bounded(*request.body, *most);
  request.body = &bounded;
  return found.route->handler(call);
}

bool is_text(const Response& response) {
  const auto type = response.headers.find("Content-Type");
  return type && (type->starts_with("application/json") || type->starts_with("text/")) &&
         !type->starts_with("text/event-stream");
}

void compress(const Request& request, Response& response) {
  if (!is_text(response) || response.headers.find("Content-Encoding")) return;
  response.headers.add("Vary", "Accept-Encoding");
  if (!accepts_gzip(request.headers.find("Accept-Encoding"))) return;
  if (auto* text = std::get_if<std::string>(&response.body)) {
    if (text->size() < kCompressFrom) return;
    *text = gzip(*text);
  } else if (auto* stream = std::get_if<Stream>(&response.body)) {
    if (stream->size && *stream->size < kCompressFrom) return;
    *stream = gzip_stream(std::move(*stream));
  } else {
    return;
  }
  response.headers.set("Content-Encoding", "gzip");
}

// What the log line needs of the request, as the answer may outlive it.
struct Line {
  std::string method, path, request_id, key;
  rate::Verdict rate = {};
  RequestNote note = {};
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

Response finish(const Request& request, Response response, const Line& line,
                const jobs::Services& services) {
  if (auto* deferred = std::get_if<Deferred>(&response.body)) {
    // The request lives in its session until the answer is out.
    deferred->then = [&request, &services, line,
                      then = std::move(deferred->then)](bool late) -> std::shared_ptr<Response> {
      auto later = then(late);
      if (!later) return nullptr;
      return std::make_shared<Response>(finish(request, std::move(*later), line, services));
    };
    return response;
  }
  response.headers.set("X-Request-Id", line.request_id);
  tell_rate(line.rate, response.headers);
  compress(request, response);
  response.on_sent = [&services, line, status = response.status,
                      told = std::move(response.on_sent)](bool complete) {
    if (told) told(complete);
    const auto taken = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - line.start);
    services.log.info(
        "event=request method={} path={} status={} ms={:.1f} complete={} key={} request={}",
        line.method, line.path, status, static_cast<double>(taken.count()) / 1000, complete,
        line.key, line.request_id);
    record(services, line.note, status, taken);
  };
  return response;
}

// A path is the client's text: as it came, percent-encoded, and not without end.
std::string loggable(const Request& request) {
  return without_keys(
      request.target.substr(0, std::min<std::size_t>(request.target.find('?'), 200)));
}

Answer answer_or_fault(Call& call) {
  try {
    return answer(call);
  } catch (const std::exception& fault) {
    call.services().log.error("event=fault request={} what=\"{}\"", call.request_id, fault.what());
    return tl::unexpected(ApiError(500, "INTERNAL", "Something went wrong on our side."));
  }
}

}  // namespace

Handler make_handler(Api& api) {
  return [&api](Request& request) {
    BodyReader* const body = request.body;
    Call call{request, api, {}, {}, request_id_of(request)};
    Line line{request.method, loggable(request), call.request_id, "-"};
    if (request.head) line.method = "HEAD";
    Answer answered = answer_or_fault(call);
    request.body = body;
    if (!call.principal.key_id.empty()) line.key = call.principal.key_id;
    line.rate = call.rate;
    line.note = note_of(call);
    Response response =
        answered ? std::move(*answered) : to_response(answered.error(), call.request_id);
    return finish(request, std::move(response), line, api.services);
  };
}

}  // namespace cad::http
