// SPDX-License-Identifier: Apache-2.0
#include "http/transport/head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace cad::http {
namespace {

tl::unexpected<Error> refuse(std::string_view what) {
  return fail(ErrorCode::invalid_argument, "The request is not valid HTTP: " + std::string(what));
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_host(std::string_view text) {
  return text.size() <= 255 && std::all_of(text.begin(), text.end(), [](char c) {
           return is_alnum(c) ||
                  std::string_view(".-_:[]~%!$&'()*+,;=").find(c) != std::string_view::npos;
         });
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Result<void> read_request_line(std::string_view line, RequestHead& head) {
  const auto first = line.find(' '), last = line.rfind(' ');
  if (first == line.npos || first == last) return refuse("the request line is incomplete.");
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(method) || method.size() > 32) return refuse("the method is malformed.");
  if (target.empty() || target.find_first_of(" \t#") != target.npos)
    return refuse("the request target is malformed.");
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return refuse("the version is neither HTTP/1.1 nor HTTP/1.0.");
  head.method = method;
  head.target = target;
  head.http_1_0 = version == "HTTP/1.0";
  return {};
}

Result<void> read_field(std::string_view line, Headers& headers) {
  if (line.front() == ' ' || line.front() == '\t')
    return refuse("a header field is folded over lines.");
  const auto colon = line.find(':');
  if (colon == line.npos || !is_token(line.substr(0, colon)))
    return refuse("the name of a header field is malformed.");
  headers.add(line.substr(0, colon), trim(line.substr(colon + 1)));
  return {};
}

Result<std::optional<std::string_view>> only_one(const Headers& headers, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [field, value] : headers.all()) {
    if (!equal(field, name)) continue;
    if (found) return refuse("the header field " + std::string(name) + " comes twice.");
    found = value;
  }
  return found;
}

Result<void> read_body_framing(RequestHead& head) {
  CAD_ASSIGN(const auto length, only_one(head.headers, "Content-Length"));
  CAD_ASSIGN(const auto coding, only_one(head.headers, "Transfer-Encoding"));
  if (length && coding) return refuse("it has both Content-Length and Transfer-Encoding.");
  if (coding) {
    if (head.http_1_0) return refuse("HTTP/1.0 has no Transfer-Encoding.");
    if (!equal(*coding, "chunked")) return refuse("the only Transfer-Encoding is chunked.");
    head.chunked = true;
  }
  if (length) {
    constexpr std::size_t kMaxDigits = 18;  // no overflow, here or in another program
    std::uint64_t value = 0;
    const char* const end = length->data() + length->size();
    const bool digits = !length->empty() && length->size() <= kMaxDigits &&
                        length->find_first_not_of("0123456789") == length->npos;
    if (!digits || std::from_chars(length->data(), end, value).ptr != end)
      return refuse("the Content-Length is no number.");
    head.length = value;
  }
  return {};
}

void read_connection(RequestHead& head) {
  bool close = false, keep = false;
  for (const auto& [field, value] : head.headers.all()) {
    if (!equal(field, "Connection")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      const std::string_view option = trim(rest.substr(0, comma));
      close = close || equal(option, "close");
      keep = keep || equal(option, "keep-alive");
      rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
    }
  }
  head.keep_alive = !close && (keep || !head.http_1_0);
}

}  // namespace

Result<std::optional<std::size_t>> HeadScanner::scan(std::string_view bytes) {
  for (; at_ < bytes.size(); ++at_) {
    if (at_ >= max_bytes_)
      return fail(ErrorCode::limit_exceeded, "The request's header is too large.");
    const auto c = static_cast<unsigned char>(bytes[at_]);
    if (c == '\n') return refuse("a line feed stands alone.");
    if (c == '\r') {
      if (at_ + 1 == bytes.size()) break;
      if (bytes[at_ + 1] != '\n') return refuse("a carriage return stands alone.");
      const bool empty = at_ == line_;
      const bool first = line_ == 0;
      at_ += 1;
      line_ = at_ + 1;
      if (!empty) begun_ = true;
      if (empty && begun_) return at_ + 1;
      if (empty && !first) return refuse("the request line is empty.");
    } else if ((c < 0x20 && c != '\t') || c == 0x7f) {
      return refuse("its head holds a control character.");
    }
  }
  return std::nullopt;
}

Result<RequestHead> parse_head(std::string_view head, std::size_t max_fields) {
  if (head.starts_with("\r\n")) head.remove_prefix(2);
  RequestHead out;
  std::size_t fields = 0;
  for (bool first = true;; first = false) {
    const auto end = head.find("\r\n");
    if (end == head.npos) return refuse("its head is incomplete.");
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (first) {
      CAD_TRY(read_request_line(line, out));
      continue;
    }
    if (line.empty()) break;
    if (++fields > max_fields)
      return fail(ErrorCode::limit_exceeded, "The request has too many header fields.");
    CAD_TRY(read_field(line, out.headers));
  }
  CAD_TRY(read_body_framing(out));
  CAD_ASSIGN(const auto host, only_one(out.headers, "Host"));
  if (!host && !out.http_1_0) return refuse("it has no Host.");
  if (host && !is_host(*host)) return refuse("the Host is malformed.");
  CAD_TRY(only_one(out.headers, "Authorization"));
  CAD_TRY(only_one(out.headers, "Content-Type"));
  read_connection(out);
  const auto expect = out.headers.find("Expect");
  out.expect_continue = expect && equal(*expect, "100-continue") && !out.http_1_0;
  return out;
}

}  // namespace cad::http
