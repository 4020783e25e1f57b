// SPDX-License-Identifier: Apache-2.0
// The first byte says which answer of a provider the rest is. What is read from it must be fit for
// the places where it goes: requests, headers, the database.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "jose/strict_json.hpp"
#include "oauth/answers.hpp"
#include "oauth/endpoint_url.hpp"

namespace {

using namespace cad::oauth;

void must(bool good) {
  if (!good) std::abort();
}
bool is_plain(const std::string& text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') return false;
  return true;
}

void check_person(const cad::Result<Person>& person) {
  if (!person) return;
  must(!person->subject.empty() && person->subject.size() <= 255 && is_plain(person->subject));
  must(person->name.size() <= 200 && is_plain(person->name));
  if (person->verified_email)
    must(person->verified_email->size() <= 254 && is_plain(*person->verified_email));
}

void check_discovery(std::string_view body) {
  for (const char* issuer : {"https://op.example", "http://127.0.0.1:9"}) {
    const auto found = read_discovery(body, issuer);
    if (!found) continue;
    for (const std::string& url : {found->authorize_url, found->token_url, found->jwks_url}) {
      const auto checked = check_endpoint(url, "x");
      must(checked && (!checked->loopback_http || issuer[4] == ':'));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'd': check_discovery(body); break;
    case 't': {
      const auto tokens = read_tokens(200, body);
      must(!tokens || (!tokens->access_token.empty() && is_plain(tokens->access_token)));
      break;
    }
    case 'u': check_person(read_github_user(body)); break;
    case 'e': {
      const auto email = read_github_emails(body);
      must(!email || !*email || is_plain(**email));
      break;
    }
    case 'c': {
      const auto claims = cad::jose::parse_strict_object(body, "x");
      if (claims) check_person(person_of_claims(*claims));
      break;
    }
    default: (void)check_issuer(body);
  }
  return 0;
}
