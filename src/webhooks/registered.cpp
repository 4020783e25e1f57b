// SPDX-License-Identifier: Apache-2.0
#include "webhooks/registered.hpp"

#include "webhooks/url.hpp"

namespace cad::webhooks {

Result<Registered::Added> Registered::add(const std::string& url, bool is_default,
                                          store::UnixMs now) {
  if (const auto parsed = parse_url(url); !parsed)
    return fail(ErrorCode::invalid_argument, "The URL cannot be used: " + parsed.error().message);
  Added out;
  out.secret = make_secret();
  out.endpoint.id = "we_" + crypto::random_hex(12);
  out.endpoint.account_id = account_;
  out.endpoint.url = url;
  out.endpoint.is_default = is_default;
  out.endpoint.created_at = now;
  CAD_ASSIGN(out.endpoint.secrets.secret, box_.seal(out.secret, out.endpoint.id));
  const auto stored = endpoints_.insert(out.endpoint);
  if (!stored && stored.error().code == ErrorCode::conflict)
    return fail(ErrorCode::conflict, "This URL is registered already.");
  CAD_TRY(stored);
  return out;
}

Result<store::Endpoint> Registered::find(const std::string& id) {
  auto endpoint = endpoints_.find(id);
  if (endpoint && endpoint->account_id != account_)
    return fail(ErrorCode::not_found, "There is no such webhook endpoint.");
  return endpoint;
}

Result<Registered::Owned> Registered::secrets_of(const std::string& id) {
  if (!id.empty()) {
    CAD_ASSIGN(const store::Endpoint endpoint, find(id));
    return Owned{endpoint.id, endpoint.secrets};
  }
  CAD_ASSIGN(const std::string fresh, box_.seal(make_secret(), account_));
  CAD_ASSIGN(store::SealedSecrets sealed, endpoints_.account_secrets(account_, fresh));
  return Owned{account_, std::move(sealed)};
}

Result<std::string> Registered::secret(const std::string& id) {
  CAD_ASSIGN(const Owned owned, secrets_of(id));
  return box_.open(owned.sealed.secret, owned.owner);
}

Result<std::string> Registered::rotate_secret(const std::string& id,
                                              std::chrono::milliseconds overlap,
                                              store::UnixMs now) {
  CAD_ASSIGN(const Owned owned, secrets_of(id));
  CAD_ASSIGN(const auto rotated, rotate(box_, owned.sealed, owned.owner, now + overlap.count()));
  if (id.empty())
    CAD_TRY(endpoints_.set_account_secrets(account_, rotated.sealed));
  else
    CAD_TRY(endpoints_.set_secrets(id, rotated.sealed));
  return rotated.secret;
}

}  // namespace cad::webhooks
