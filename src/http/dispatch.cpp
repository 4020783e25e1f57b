// SPDX-License-Identifier: Apache-2.0
#include "http/dispatch.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "crypto/bytes.hpp"
#include "http/browser.hpp"
#include "http/pages.hpp"
#include "http/plan_gate.hpp"
#include "http/rate_gate.hpp"
#include "http/readiness.hpp"
#include "http/request_end.hpp"
#include "http/routes.hpp"
#include "logging/quoted.hpp"

namespace cad::http {
namespace {

constexpr std::uint64_t kMostJson = 64 * 1024;

// What metrics and the log call the app's files.
constexpr std::string_view kFilePattern = "/assets/{file}", kPagePattern = "/{page}";
constexpr const char* kPageMethods = "GET, HEAD";

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

// What came of a body, whoever reads it.
class CountedBody : public BodyReader {
 public:
  explicit CountedBody(BodyReader& body) : body_(body) {}
  Result<std::size_t> read(std::span<std::byte> into) override {
    CAD_ASSIGN(const std::size_t count, body_.read(into));
    count_ += count;
    return count;
  }
  std::optional<std::uint64_t> declared_size() const override { return body_.declared_size(); }
  std::uint64_t count() const { return count_; }

 private:
  BodyReader& body_;
  std::uint64_t count_ = 0;
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

trace::Context trace_of(const Request& request) {
  std::vector<std::string_view> parents, states;
  for (const auto& [name, value] : request.headers.all()) {
    if (same_name(name, "traceparent")) parents.emplace_back(value);
    if (same_name(name, "tracestate")) states.emplace_back(value);
  }
  return trace::receive(parents, states);
}

ApiError to_error(const auth::Refusal& refusal) {
  switch (refusal.why) {
    case auth::Refusal::Why::unknown: return ApiError(401, refusal.code, refusal.message);
    case auth::Refusal::Why::forbidden: return ApiError(403, refusal.code, refusal.message);
    case auth::Refusal::Why::away: {
      ApiError error = away("Who calls cannot be looked up for the moment; try again soon.");
      error.inside = refusal.message;
      return error;
    }
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

void count_refusal(const Call& call, auth::Refusal::Why why) {
  using Why = auth::Refusal::Why;
  if (call.services().metrics == nullptr) return;
  call.services().metrics->requests.auth_failed(why == Why::unknown     ? "unknown"
                                                : why == Why::forbidden ? "forbidden"
                                                                        : "away");
}

tl::expected<void, ApiError> authorize(Call& call, const Route& route) {
  const Headers& headers = call.request.headers;
  auto who = call.api.authenticator.authenticate(
      {headers.find("Authorization"), cookie(call.request, kAccessCookie), call.request.remote});
  if (!who) {
    count_refusal(call, who.error().why);
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
  if (call.is_cheap) return {};
  const bool open = route == nullptr || route->access.is_open();
  if (auto admitted = open ? admit_address(call) : authorize(call, *route); !admitted)
    return admitted;
  return route != nullptr && route->toll == Toll::costly ? admit_costly(call)
                                                         : tl::expected<void, ApiError>();
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

// The app's, where no row of the table has the path.
std::optional<Response> page_answer(Call& call, const web::File* page) {
  if (page == nullptr || call.request.method != "GET") return std::nullopt;
  call.pattern = page->named_by_content ? kFilePattern : kPagePattern;
  call.is_cheap = true;
  return page_response(call, *page, 200);
}

Answer nothing_there(const Call& call, const std::string& allowed) {
  if (!allowed.empty()) {
    ApiError error(405, "METHOD_NOT_ALLOWED",
                   "This path does not take " + call.request.method + ".");
    error.allow = allowed;
    return tl::unexpected(std::move(error));
  }
  if (const web::File* page = find_missing_page(call)) return page_response(call, *page, 404);
  return tl::unexpected(ApiError(404, "NOT_FOUND", "There is nothing at this path."));
}

Answer answer(Call& call) {
  Request& request = call.request;
  Match found = match(routes(), request.method, request.segments);
  if (found.route) {
    call.pattern = found.route->pattern;
    call.is_cheap = found.route->toll == Toll::none;
    call.params = std::move(found.params);
  }
  const web::File* page = found.allowed.empty() ? find_page(call) : nullptr;
  if (auto answered = page_answer(call, page)) return std::move(*answered);
  if (auto admitted = admit(call, found.route); !admitted)
    return tl::unexpected(std::move(admitted.error()));
  if (!found.route) return nothing_there(call, page != nullptr ? kPageMethods : found.allowed);
  const auto most = most_of(found.route->body, call);
  if (!most) return tl::unexpected(std::move(most.error()));
  BoundedBody bounded(*request.body, *most);
  request.body = &bounded;
  return found.route->handler(call);
}

Answer answer_or_fault(Call& call) {
  try {
    return answer(call);
  } catch (const std::exception& fault) {
    call.services().log.error("event=fault request={} what={}", call.request_id,
                              logging::quoted(fault.what()));
    return tl::unexpected(ApiError(500, "INTERNAL", "Something went wrong on our side."));
  }
}

}  // namespace

Handler make_handler(Api& api) {
  add_standard_parts(api.readiness, api.services);
  return [&api](Request& request) {
    const auto start = std::chrono::steady_clock::now();
    BodyReader* const body = request.body;
    CountedBody counted(*body);
    request.body = &counted;
    Call call{request, api, {}, {}, request_id_of(request), trace_of(request)};
    Answer answered = answer_or_fault(call);
    request.body = body;
    Response response = answered
                            ? std::move(*answered)
                            : failed_response(api.services.log, answered.error(), call.request_id);
    return finish(request, std::move(response), end_of(call, counted.count(), start), api);
  };
}

}  // namespace cad::http
