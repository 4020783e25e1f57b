// SPDX-License-Identifier: Apache-2.0
// What the endpoints of accounts share.
#pragma once

#include <functional>

#include "accounts/profile.hpp"
#include "accounts/sign_in.hpp"
#include "http/call.hpp"
#include "http/json_form.hpp"
#include "http/views.hpp"

namespace cad::http {

// Bytes of what people type. A password over bcrypt's 72 is refused with that reason, later.
inline constexpr std::size_t kMostEmail = 320, kMostPassword = 1024, kMostToken = 200;

ApiError to_api(const accounts::Problem& problem);

accounts::Origin origin_of(const Call& call);

// Runs `work` where passwords are hashed, away from the threads that answer requests; the answer
// comes when it is done. `work` owns what it needs: the call may be over before it.
Answer on_hash_pool(Call& call, std::function<Answer()> work);

// The same without an answer, for what nobody may wait for. False: too much waits already.
bool in_background(Call& call, std::function<void()> work);

// 202: `message` where mail is sent, else whom to ask for the link. The same for every address.
Response mail_is_sent(const Api& api, std::string_view status, std::string_view message);

// Who it is, and how they sign in: schema User of the API.
Result<Json> user_view(const Api& api, const store::User& user);

// How a session reaches its user: as tokens in the answer, or as cookies that no script can read.
enum class Carrier { tokens, cookies };
Carrier carrier_of(JsonForm& form);
Answer session_answer(const Api& api, const accounts::SignedIn& session, Carrier carrier,
                      bool is_new_user);
void drop_cookies(Response& response);

}  // namespace cad::http

// Returns a Problem as the endpoint's error.
#define CAD_OUTCOME_TRY(expr)                                             \
  do {                                                                    \
    if (auto cad_try_result = (expr); !cad_try_result)                    \
      return tl::unexpected(::cad::http::to_api(cad_try_result.error())); \
  } while (false)
