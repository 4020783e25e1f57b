// SPDX-License-Identifier: Apache-2.0
// Forms of OAuth 2.0, and the one request that carries a code to its provider.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oauth/answers.hpp"
#include "oauth/fetcher.hpp"
#include "oauth/provider.hpp"

namespace cad::oauth {

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;
// application/x-www-form-urlencoded: everything but letters, digits and "-._~" as %XX.
std::string form_of(const Fields& fields);
// The fields behind the query that the URL may have already.
std::string with_query(const std::string& url, const Fields& fields);

// BASE64URL(SHA256(verifier)), RFC 7636.
std::string challenge_of(std::string_view verifier);

struct CodeExchange {
  std::string token_url;
  bool basic_auth = true;  // else client id and secret go into the form
  std::string_view code, redirect_uri, verifier;
};
Result<Tokens> exchange_code(Fetcher& fetcher, const Provider& provider, const CodeExchange& what);

}  // namespace cad::oauth
