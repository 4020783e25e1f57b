// SPDX-License-Identifier: Apache-2.0
// Which bucket the objects are in, and with whose credentials.
//
//   https://host[:port]/bucket?region=eu-central-1&style=path|virtual&prefix=cadlens/
//       &sse=AES256|aws:kms|none&kms-key=...&sse-required=yes|no&etag=md5|opaque&ca=FILE
//       &public=https://s3.example.com
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "s3/sigv4.hpp"

namespace cad::s3 {

enum class Style : std::uint8_t { path, virtual_host };

struct Settings {
  bool https = true;
  std::string host;  // lower case; an IPv6 address in brackets
  std::uint16_t port = 443;
  std::string bucket;
  std::string region = "us-east-1";
  Style style = Style::path;
  std::string prefix;          // before every key; empty, or ends with "/"
  std::string sse = "AES256";  // asked for with every object; empty: not asked for
  std::string kms_key;         // of aws:kms; empty: the account's own
  bool sse_required = false;   // a server that does not say that it encrypts is refused at start
  bool opaque_etags = false;   // ETags of whole objects are no MD5
  std::string ca_file;         // empty: the system's certificates
  std::string public_url;      // where browsers reach the bucket; empty: they do not

  // Of requests: "bucket.host:port" or "host:port", without the scheme's own port.
  std::string authority() const;
  // Encoded, of the object `key` (without the prefix), or of the bucket when it is empty.
  std::string path_of(std::string_view key) const;
};

// INVALID_ARGUMENT with the part that is wrong; `name` is how messages call the setting. The text
// is never part of a message.
Result<Settings> parse_settings(std::string_view url, const std::string& name = "CADLENS_S3_URL");

// CADLENS_S3_ACCESS_KEY and CADLENS_S3_SECRET_KEY (or their _FILE); when both are absent,
// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. All of them are taken out of the
// environment. INVALID_ARGUMENT: some are missing or have no possible form.
Result<std::shared_ptr<const Credentials>> credentials_from_environment();

}  // namespace cad::s3
