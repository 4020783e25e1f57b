// SPDX-License-Identifier: Apache-2.0
#include "http/transport/forwarded.hpp"

#include <algorithm>
#include <vector>

namespace cad::http {
namespace {

constexpr std::size_t kMaxHops = 32;

// One hop, as a proxy noted it: who called it, and how.
struct Hop {
  std::string node, proto;
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The comma-separated values of all fields of this name, in order.
std::vector<std::string_view> values_of(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> out;
  const std::string wanted = lowered(name);
  for (const auto& [field, value] : headers.all()) {
    if (lowered(field) != wanted) continue;
    std::string_view rest = value;
    while (true) {
      const auto comma = rest.find(',');
      out.push_back(trim(rest.substr(0, comma)));
      if (comma == rest.npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return out;
}

// From the nearest hop on.
std::vector<Hop> x_forwarded_hops(const Headers& headers) {
  const auto nodes = values_of(headers, "X-Forwarded-For");
  const auto protos = values_of(headers, "X-Forwarded-Proto");
  std::vector<Hop> hops(std::min(std::max(nodes.size(), protos.size()), kMaxHops));
  for (std::size_t i = 0; i < hops.size(); ++i) {
    if (i < nodes.size()) hops[i].node = nodes[nodes.size() - 1 - i];
    // Many proxies say it once, for the whole way.
    if (!protos.empty())
      hops[i].proto = lowered(protos[protos.size() - 1 - std::min(i, protos.size() - 1)]);
  }
  return hops;
}

// Cuts `text` at `separator`, but not within quotes. False: a quote is open at its end.
bool split_quoted(std::string_view text, char separator, std::vector<std::string_view>& out) {
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[i] == separator) {
      out.push_back(trim(text.substr(start, i - start)));
      start = i + 1;
    }
  }
  out.push_back(trim(text.substr(start)));
  return !quoted;
}

std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' && i + 2 < text.size()) ++i;
    out.push_back(text[i]);
  }
  return out;
}

std::optional<Hop> forwarded_hop(std::string_view element) {
  std::vector<std::string_view> pairs;
  if (!split_quoted(element, ';', pairs)) return std::nullopt;
  Hop hop;
  for (const std::string_view pair : pairs) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    if (equals == pair.npos) return std::nullopt;
    const std::string name = lowered(pair.substr(0, equals));
    const std::string value = unquoted(pair.substr(equals + 1));
    if (name == "for") hop.node = value;
    if (name == "proto") hop.proto = lowered(value);
  }
  return hop;
}

// From the nearest hop on; a hop that cannot be read stands there with nothing in it.
std::vector<Hop> forwarded_hops(const Headers& headers) {
  std::vector<Hop> hops;
  const auto& all = headers.all();
  for (auto field = all.rbegin(); field != all.rend(); ++field) {
    if (lowered(field->first) != "forwarded") continue;
    std::vector<std::string_view> elements;
    // An open quote of the client's could swallow what the proxy added to the line.
    if (!split_quoted(field->second, ',', elements)) {
      hops.push_back({"", "malformed"});
      break;
    }
    for (auto element = elements.rbegin(); element != elements.rend(); ++element)
      hops.push_back(forwarded_hop(*element).value_or(Hop{"", "malformed"}));
  }
  if (hops.size() > kMaxHops) hops.resize(kMaxHops);
  return hops;
}

}  // namespace

Forwarded read_forwarded(const Headers& headers, ProxyHeader header, const std::string& peer,
                         const net::Networks& trusted) {
  const auto hops =
      header == ProxyHeader::forwarded ? forwarded_hops(headers) : x_forwarded_hops(headers);
  Forwarded out{peer, std::nullopt};
  for (const Hop& hop : hops) {
    // One open leg of the way is enough to be overheard.
    if (!hop.proto.empty()) out.https = out.https.value_or(true) && hop.proto == "https";
    const auto address = net::parse_ip_and_port(hop.node);
    if (!address) break;
    out.client = address->text();
    if (!trusted.contains(*address)) break;
  }
  return out;
}

}  // namespace cad::http
