// SPDX-License-Identifier: Apache-2.0
#include "http/request_end.hpp"

#include <spdlog/spdlog.h>

#include "http/compress.hpp"
#include "http/ranges.hpp"
#include "http/rate_gate.hpp"
#include "logging/quoted.hpp"

namespace cad::http {
namespace {

constexpr std::size_t kCompressFrom = 1024;

bool is_text(const Response& response) {
  const auto type = response.headers.find("Content-Type");
  return type && (type->starts_with("application/json") || type->starts_with("text/")) &&
         !type->starts_with("text/event-stream");
}

void compress(const Request& request, Response& response) {
  if (response.as_is || !is_text(response)) return;
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

// Bytes of the body as they are handed out. One thread at a time works on an answer.
std::shared_ptr<std::uint64_t> count_body(const Request& request, Response& response) {
  auto count = std::make_shared<std::uint64_t>(0);
  if (request.head) return count;
  if (const auto* text = std::get_if<std::string>(&response.body)) {
    *count = text->size();
  } else if (auto* stream = std::get_if<Stream>(&response.body)) {
    stream->read = [count, read = std::move(stream->read)](std::span<char> into) {
      auto got = read(into);
      if (got) *count += *got;
      return got;
    };
  } else if (auto* events = std::get_if<Events>(&response.body)) {
    events->next = [count, next = std::move(events->next)] {
      EventStep step = next();
      *count += step.text.size();
      return step;
    };
  }
  return count;
}

void log_end(const RequestEnd& end, const Api& api, int status, std::chrono::microseconds taken,
             std::uint64_t sent, bool complete) {
  const RequestNote& note = end.note;
  // Probes come every second or so from every balancer, and a page is dozens of files: only what
  // goes wrong with them is news.
  const auto level = end.is_cheap && status < 400 ? spdlog::level::debug : spdlog::level::info;
  const auto or_none = [](const std::string& text) { return text.empty() ? "-" : text.c_str(); };
  api.services.log.log(level,
                       "event=request method={} route={} status={} ms={:.1f} bytes={} received={} "
                       "complete={} key={} request={} trace={}",
                       note.method, or_none(note.pattern), status,
                       static_cast<double>(taken.count()) / 1000, sent, end.received, complete,
                       or_none(note.key_id), note.request_id, end.trace_id);
}

}  // namespace

RequestEndPtr end_of(const Call& call, std::uint64_t received,
                     std::chrono::steady_clock::time_point start) {
  return std::make_shared<const RequestEnd>(
      RequestEnd{note_of(call), call.trace.trace_id, call.rate, received, start, call.is_cheap});
}

Response failed_response(spdlog::logger& log, const ApiError& error,
                         const std::string& request_id) {
  if (!error.inside.empty())
    log.error("event=request_failed request={} code={} reason={}", request_id, error.code,
              logging::quoted(error.inside));
  return to_response(error, request_id);
}

Response finish(const Request& request, Response response, RequestEndPtr end, const Api& api) {
  if (auto* deferred = std::get_if<Deferred>(&response.body)) {
    // The request lives in its session until the answer is out.
    deferred->then = [&request, &api, end = std::move(end),
                      then = std::move(deferred->then)](bool late) -> std::shared_ptr<Response> {
      auto later = then(late);
      if (!later) return nullptr;
      return std::make_shared<Response>(finish(request, std::move(*later), end, api));
    };
    return response;
  }
  response.headers.set("X-Request-Id", end->note.request_id);
  tell_rate(end->rate, response.headers);
  compress(request, response);
  auto sent = count_body(request, response);
  response.on_sent = [&api, end = std::move(end), sent = std::move(sent), status = response.status,
                      told = std::move(response.on_sent)](bool complete) {
    if (told) told(complete);
    const auto taken = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - end->start);
    const RequestNote& note = end->note;
    log_end(*end, api, status, taken, *sent, complete);
    if (api.services.metrics != nullptr)
      api.services.metrics->requests.ended(note.method, note.pattern, status, taken, end->received,
                                           *sent);
    record(api.services, note, status, taken);
  };
  return response;
}

}  // namespace cad::http
