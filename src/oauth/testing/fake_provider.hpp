// SPDX-License-Identifier: Apache-2.0
// An OpenID provider and a GitHub behind a Fetcher: honest unless a test changes what they answer.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "jose/keys.hpp"
#include "oauth/fetcher.hpp"

namespace cad::oauth {

using Parameters = std::map<std::string, std::string>;
Parameters read_form(std::string_view form);
Parameters query_of(const std::string& url);

const jose::SigningKey& provider_key();
const jose::SigningKey& strange_key();

class FakeProvider : public Fetcher {
 public:
  static constexpr const char* kIssuer = "https://op.example";
  static constexpr const char* kGithub = "https://github.example/login/oauth/";
  static constexpr const char* kApi = "https://api.github.example";
  static constexpr const char* kSecret = "the client's secret";

  FakeProvider();
  Result<Fetched> fetch(const Fetch& request) override;

  // The user agrees: the code that the browser carries back.
  std::string agree(const std::string& authorization_url);
  std::string id_token(const nlohmann::json& claims) const;
  int count(const std::string& url_end) const;

  nlohmann::json discovery, jwks, claims;  // claims: beside those that follow from the request
  nlohmann::json github_user, github_emails;
  const jose::SigningKey* signs_with = &provider_key();
  std::function<std::string(const nlohmann::json& claims)> make_id_token;  // instead of id_token()
  std::function<void(const Fetch&, Result<Fetched>&)> tamper;
  std::int64_t now = 0;  // seconds
  std::vector<Fetch> requests;

 private:
  Result<Fetched> answer(const Fetch& request);
  Fetched token(const Fetch& request, bool github);
  std::map<std::string, Parameters> codes_;
};

}  // namespace cad::oauth
