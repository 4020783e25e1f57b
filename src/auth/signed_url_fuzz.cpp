// SPDX-License-Identifier: Apache-2.0
// Any texts as method, path, expiry, key and signature (one a line): nothing that was not signed is
// allowed, and what was signed is allowed for exactly that.
#include <cstdlib>
#include <vector>

#include "auth/url_signer.hpp"

namespace {

constexpr std::int64_t kNow = 1'000'000;
const std::string kPath = "/v1/previews/job_0123456789abcdef/0.png";

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (lines.size() < 5) {
    const auto end = lines.size() == 4 ? text.npos : text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return lines;
}

void check(bool good) {
  if (!good) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const cad::auth::UrlSigner signer(std::array<std::uint8_t, 32>{1, 2, 3});
  const auto lines = lines_of({reinterpret_cast<const char*>(data), size});
  const std::string query = signer.query("GET", kPath, kNow + 1);
  const std::string_view all(query);
  const std::string_view expires = all.substr(9, all.find('&') - 9);
  const std::string_view key = all.substr(all.find("&key=") + 5, 16);
  const std::string_view signature = all.substr(all.size() - 64);
  check(signer.allows("GET", kPath, {expires, key, signature}, kNow));

  // Whatever is invented: only the very URL that was signed. (The fuzzer sees what the checks below
  // compare, so it comes to know the signature.)
  const bool same = lines[0] == "GET" && lines[1] == kPath && lines[2] == expires &&
                    lines[3] == key && lines[4] == signature;
  check(signer.allows(lines[0], lines[1], {lines[2], lines[3], lines[4]}, kNow) == same);
  // One part of a good URL replaced.
  check(signer.allows(lines[0], kPath, {expires, key, signature}, kNow) == (lines[0] == "GET"));
  check(signer.allows("GET", lines[1], {expires, key, signature}, kNow) == (lines[1] == kPath));
  check(signer.allows("GET", kPath, {lines[2], key, signature}, kNow) == (lines[2] == expires));
  check(signer.allows("GET", kPath, {expires, lines[3], signature}, kNow) == (lines[3] == key));
  check(signer.allows("GET", kPath, {expires, key, lines[4]}, kNow) == (lines[4] == signature));
  return 0;
}
