// SPDX-License-Identifier: Apache-2.0
// Signatures of a webhook's body, in two forms.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cad::webhooks {

// "sha256=<hex>": HMAC-SHA-256 of the raw body. The key is the secret's text as it is shown.
std::string body_signature(std::string_view secret, std::string_view body);

// "v1,<base64>" (Standard Webhooks): HMAC-SHA-256 of "id.timestamp.body". The key is what the
// base64 behind "whsec_" stands for; a secret of another form is taken as it is.
std::string standard_signature(std::string_view secret, std::string_view id, std::int64_t timestamp,
                               std::string_view body);

// All headers of a delivery, "Name: value". `secrets`: the current one first; each signs once in
// webhook-signature, the first alone in X-CADLens-Signature.
std::vector<std::string> headers(const std::vector<std::string>& secrets, std::string_view event_id,
                                 std::int64_t timestamp, std::string_view body);

}  // namespace cad::webhooks
