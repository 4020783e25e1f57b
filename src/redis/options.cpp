// SPDX-License-Identifier: Apache-2.0
#include "redis/options.hpp"

#include <charconv>

#include "base/percent.hpp"

namespace cad::redis {
namespace {

tl::unexpected<Error> refuse(std::string_view what) {
  return fail(
      ErrorCode::invalid_argument,
      "The Redis URL " + std::string(what) +
          " It looks like rediss://user:password@host:6379/0, with '@', ':', '/' and '%' in "
          "names and passwords percent-encoded.");
}

template <class T>
bool read_number(std::string_view text, T least, T most, T& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out >= least && out <= most;
}

Result<void> read_user(std::string_view text, Options& options) {
  const auto colon = text.find(':');
  if (colon == text.npos) return refuse("has a user, but no password.");
  const auto user = percent_decoded(text.substr(0, colon));
  auto password = percent_decoded(text.substr(colon + 1));
  if (!user || !password) return refuse("has a '%' that no two hex digits follow.");
  if (password->empty()) return refuse("has an empty password.");
  options.user = *user;
  options.password = Secret::from_text(*password);
  return {};
}

Result<void> read_host(std::string_view text, Options& options) {
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos) return refuse("has a '[' without ']'.");
    options.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (!port.empty() && port.front() != ':') return refuse("has something behind its ']'.");
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    options.host = text.substr(0, colon);
    port = text.substr(colon);
  }
  for (const char c : options.host)
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return refuse("has no proper host.");
  if (options.host.empty()) return refuse("names no host.");
  if (port.empty()) return {};
  if (!read_number<std::uint16_t>(port.substr(1), 1, 65535, options.port))
    return refuse("has a port that is no number from 1 to 65535.");
  return {};
}

}  // namespace

Result<Options> parse_url(std::string_view url) {
  Options options;
  if (url.starts_with("rediss://")) {
    options.tls = true;
  } else if (!url.starts_with("redis://")) {
    return refuse("begins with neither redis:// nor rediss://.");
  }
  std::string_view rest = url.substr(url.find("://") + 3);
  if (const auto question = rest.find('?'); question != rest.npos) {
    const std::string_view query = rest.substr(question + 1);
    const bool is_ca = query.starts_with("ca=") && query.find('&') == query.npos;
    const auto file = is_ca ? percent_decoded(query.substr(3)) : std::nullopt;
    if (!file || file->empty()) return refuse("has something behind its '?' that is not ca=FILE.");
    options.ca_file = *file;
    if (!options.tls) return refuse("names certificates, but does not use TLS.");
    rest = rest.substr(0, question);
  }
  const auto slash = std::min(rest.find('/'), rest.size());
  const std::string_view path = rest.substr(slash);
  if (path.size() > 1 && !read_number(path.substr(1), 0, 1'000'000, options.database))
    return refuse("has a database that is no number.");
  rest = rest.substr(0, slash);
  if (const auto at = rest.rfind('@'); at != rest.npos) {
    CAD_TRY(read_user(rest.substr(0, at), options));
    rest = rest.substr(at + 1);
  }
  CAD_TRY(read_host(rest, options));
  return options;
}

std::string name_of(const Options& options) {
  const bool six = options.host.find(':') != std::string::npos;
  return std::string(options.tls ? "rediss://" : "redis://") +
         (six ? "[" + options.host + "]" : options.host) + ":" + std::to_string(options.port) +
         "/" + std::to_string(options.database);
}

}  // namespace cad::redis
