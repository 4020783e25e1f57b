// SPDX-License-Identifier: Apache-2.0
#include "webhooks/guard.hpp"

#include <algorithm>

namespace cad::webhooks {
namespace {

std::optional<std::string_view> why_not(const Policy& policy, const Address& address) {
  const bool allowed = std::any_of(policy.allow.begin(), policy.allow.end(),
                                   [&](const Cidr& net) { return contains(net, address); });
  return allowed ? std::nullopt : why_not_public(address);
}

// Judges the URL as it is written.
Result<Url> judge(const Policy& policy, std::string_view text) {
  CAD_ASSIGN(Url url, parse_url(text));
  if (!url.https && !policy.allow_http)
    return fail(ErrorCode::invalid_argument, "Must be an https URL.");
  if (url.address) {
    if (const auto what = why_not(policy, *url.address))
      return fail(ErrorCode::invalid_argument,
                  "Must be a public address; this is " + std::string(*what) + ".");
    return url;
  }
  // Where networks of the house are allowed, their short names are, too; they are looked up anyway.
  const bool inside = url.host == "localhost" || url.host.ends_with(".localhost") ||
                      url.host.find('.') == url.host.npos;
  if (inside && policy.allow.empty())
    return fail(ErrorCode::invalid_argument, "Must be a public host name.");
  return url;
}

}  // namespace

std::optional<std::string> url_fault(const Policy& policy, std::string_view url) {
  const auto judged = judge(policy, url);
  return judged ? std::nullopt : std::optional(judged.error().message);
}

Result<Destination> find_destination(const Policy& policy, Resolver& resolver,
                                     std::string_view url) {
  CAD_ASSIGN(Url judged, judge(policy, url));
  Destination out{std::move(judged), {}};
  if (out.url.address) {
    out.addresses = {*out.url.address};
    return out;
  }
  CAD_ASSIGN(out.addresses, resolver.look_up(out.url.host));
  if (out.addresses.empty()) return fail(ErrorCode::unavailable, "The host has no address.");
  // One bad address among good ones is an attempt, not a mishap.
  for (const Address& address : out.addresses)
    if (const auto what = why_not(policy, address))
      return fail(ErrorCode::invalid_argument,
                  "The host name leads to " + std::string(*what) + ", which is not called.");
  return out;
}

}  // namespace cad::webhooks
