// SPDX-License-Identifier: Apache-2.0
#include "oauth/endpoint_url.hpp"

#include <algorithm>
#include <charconv>

#include "net/networks.hpp"

namespace cad::oauth {
namespace {

constexpr std::size_t kMaxUrl = 512;

tl::unexpected<Error> refuse(std::string_view what, const char* fault) {
  return fail(ErrorCode::invalid_argument, std::string(what) + " " + fault);
}

// What two programs may read differently is refused.
bool is_url_char(char c) {
  constexpr std::string_view kMarks = "-._~:/?[]!$&'()*+,;=%";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         kMarks.find(c) != kMarks.npos;
}

bool is_host_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
}

bool is_loopback(std::string_view host) {
  if (host == "localhost") return true;
  const auto address = net::parse_ip(host);
  return address && address->is_loopback();
}

struct Authority {
  std::string_view host;  // without brackets
  bool good = false;
};

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 && port < 65536;
}

Authority read_authority(std::string_view text) {
  Authority out;
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos) return out;
    out.host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    if (out.host.find(':') == out.host.npos || !net::parse_ip(out.host)) return out;
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    out.host = text.substr(0, colon);
    rest = text.substr(colon);
    if (out.host.empty() || !std::all_of(out.host.begin(), out.host.end(), is_host_char))
      return out;
  }
  out.good = rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
  return out;
}

}  // namespace

Result<EndpointUrl> check_endpoint(std::string_view url, std::string_view what) {
  constexpr std::string_view kHttps = "https://", kHttp = "http://";
  const bool https = url.starts_with(kHttps);
  if (!https && !url.starts_with(kHttp)) return refuse(what, "must be an https URL.");
  if (url.size() > kMaxUrl) return refuse(what, "must have at most 512 characters.");
  if (!std::all_of(url.begin(), url.end(), is_url_char))
    return refuse(what, "must be plain: no blanks, no user name, no fragment.");
  const std::size_t start = https ? kHttps.size() : kHttp.size();
  const auto end = std::min(url.find_first_of("/?", start), url.size());
  const Authority authority = read_authority(url.substr(start, end - start));
  if (!authority.good)
    return refuse(what, "must name a host in lower case, perhaps with a port behind a colon.");
  if (!https && !is_loopback(authority.host))
    return refuse(what, "must be an https URL; http is for this machine (127.0.0.1) alone.");
  return EndpointUrl{std::string(url.substr(0, end)), !https};
}

Result<EndpointUrl> check_issuer(std::string_view url) {
  CAD_ASSIGN(EndpointUrl out, check_endpoint(url, "The issuer"));
  if (url.find('?') != url.npos) return refuse("The issuer", "must not have a query.");
  return out;
}

}  // namespace cad::oauth
