// SPDX-License-Identifier: Apache-2.0
// A token, a newline, a key set: any text for either. Nothing is signed here, so nothing may be
// believed unless the input brings the key along; what was believed must then be so once more.
#include <cstdlib>
#include <string_view>

#include "jose/claims.hpp"
#include "jose/token.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cad::jose;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view token = text.substr(0, text.find('\n'));
  const auto keys = PublicKeys::parse(text.substr(std::min(size, token.size() + 1)));
  if (!keys) return 0;
  if (keys->size() == 0 || keys->size() > kMaxJwksKeys) std::abort();
  const auto verified = verify(token, *keys, "", MissingKid::accept_with_only_key);
  if (!verified) {
    if (verified.error().code != cad::ErrorCode::integrity) std::abort();
    return 0;
  }
  if (!verified->claims.is_object()) std::abort();
  if (!verified->kid.empty() && keys->find(verified->kid) == nullptr) std::abort();
  static_cast<void>(check_claims(verified->claims, {.issuer = "i", .audience = "a", .now = 1}));
  return 0;
}
