// SPDX-License-Identifier: Apache-2.0
#include "webhooks/sign.hpp"

#include "crypto/bytes.hpp"
#include "crypto/hash.hpp"

namespace cad::webhooks {

std::string body_signature(std::string_view secret, std::string_view body) {
  return "sha256=" + crypto::to_hex(crypto::as_bytes(crypto::hmac_sha256(secret, body)));
}

std::string standard_signature(std::string_view secret, std::string_view id, std::int64_t timestamp,
                               std::string_view body) {
  constexpr std::string_view kStart = "whsec_";
  std::string key(secret);
  if (secret.starts_with(kStart))
    if (auto bytes = crypto::from_base64(secret.substr(kStart.size()))) key = std::move(*bytes);
  std::string message;
  message.append(id).append(".").append(std::to_string(timestamp)).append(".").append(body);
  return "v1," + crypto::to_base64(crypto::as_bytes(crypto::hmac_sha256(key, message)));
}

std::vector<std::string> headers(const std::vector<std::string>& secrets, std::string_view event_id,
                                 std::int64_t timestamp, std::string_view body) {
  std::string signatures;
  for (const std::string& secret : secrets)
    signatures += " " + standard_signature(secret, event_id, timestamp, body);
  return {"Content-Type: application/json",
          "User-Agent: CADLens-Webhook/1.0",
          "X-CADLens-Signature: " + body_signature(secrets.front(), body),
          "webhook-id: " + std::string(event_id),
          "webhook-timestamp: " + std::to_string(timestamp),
          "webhook-signature:" + signatures};
}

}  // namespace cad::webhooks
