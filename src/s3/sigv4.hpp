// SPDX-License-Identifier: Apache-2.0
// Signature Version 4 of AWS, as S3 reads it: the path is encoded once and not normalized.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"

namespace cad::s3 {

struct Credentials {
  std::string access_key;
  Secret secret_key;
  std::string session_token;  // of temporary credentials; empty: none
};

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct ToSign {
  std::string method;
  std::string path;    // encoded, as it is sent
  Pairs query;         // not encoded
  Pairs headers;       // names in lower case; `host` among them. All are signed
  std::string sha256;  // of the body, in hex; or kUnsignedPayload
};
struct Scope {
  std::string region;
  std::string service = "s3";
};

inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";

// RFC 3986's unreserved characters stay, and "/" when asked for; everything else is %XX.
std::string uri_encode(std::string_view text, bool keep_slashes);
// Sorted and encoded: what is signed and what is sent.
std::string canonical_query(Pairs query);
std::string canonical_request(const ToSign& request);
std::string amz_date(std::int64_t unix_seconds);  // "20130524T000000Z"

// The value of the header Authorization. `headers` must hold what shall be signed, x-amz-date
// included.
std::string authorization(const ToSign& request, const Scope& scope, const Credentials& credentials,
                          std::int64_t unix_seconds);
// The query of a URL that carries its own signature; `headers` must be `host` alone.
std::string presigned_query(ToSign request, const Scope& scope, const Credentials& credentials,
                            std::int64_t unix_seconds, std::int64_t life_seconds);

}  // namespace cad::s3
