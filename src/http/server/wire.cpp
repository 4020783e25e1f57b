// SPDX-License-Identifier: Apache-2.0
#include "http/server/wire.hpp"

#include <array>
#include <cstdio>
#include <ctime>

#include "crypto/bytes.hpp"
#include "http/api_error.hpp"
#include "http/transport/secure_headers.hpp"

namespace cad::http::detail {

Framing framing_of(const Response& response, bool http_1_0) {
  Framing framing;
  if (const auto* text = std::get_if<std::string>(&response.body)) {
    framing.length = text->size();
  } else if (const auto* stream = std::get_if<Stream>(&response.body)) {
    framing.length = stream->size;
  }
  framing.chunked = !framing.length && !http_1_0;
  framing.until_close = !framing.length && http_1_0;
  return framing;
}

namespace {

// RFC 9110 section 5.6.7.
std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text.data();
}

}  // namespace

std::string serialize_head(const Response& response, const Framing& framing, bool keep_alive) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + ' ' +
                    std::string(reason_phrase(response.status)) + "\r\n";
  const auto field = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  field("Date", http_date());
  for (const auto& [name, value] : response.headers.all()) field(name, value);
  const bool has_body = response.status != 204 && response.status != 304;
  if (framing.length && has_body) field("Content-Length", std::to_string(*framing.length));
  if (framing.chunked) field("Transfer-Encoding", "chunked");
  field("Connection", keep_alive ? "keep-alive" : "close");
  out += "\r\n";
  return out;
}

std::string chunk_header(std::size_t size) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%zx\r\n", size);
  return text.data();
}

std::string plain_refusal(int status, std::string_view code, std::string_view message, bool https) {
  Response response;
  response.status = status;
  const std::string id = "req_" + crypto::random_hex(12);
  std::string body = "{\"error\":\"";
  body.append(message).append("\",\"code\":\"").append(code).append("\",\"requestId\":\"");
  body.append(id).append("\"}");
  response.headers.set("Content-Type", "application/json; charset=utf-8");
  response.headers.set("X-Request-Id", id);
  if (status == 503) response.headers.set("Retry-After", std::to_string(kRetryAfter));
  add_secure_headers(response.headers, https);
  response.body = body;
  return serialize_head(response, framing_of(response, false), false) + body;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 304: return "Not Modified";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: return "Status";
  }
}

}  // namespace cad::http::detail
