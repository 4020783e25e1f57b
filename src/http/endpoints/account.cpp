// SPDX-License-Identifier: Apache-2.0
#include "http/endpoints/account.hpp"

#include <spdlog/spdlog.h>

#include <mutex>

#include "http/browser.hpp"
#include "http/request_end.hpp"
#include "jobs/names.hpp"
#include "logging/quoted.hpp"
#include "store/identities.hpp"

namespace cad::http {
namespace {

using Kind = accounts::Problem::Kind;

constexpr std::chrono::seconds kHashWait{60};
constexpr const char* kTooMany = "Too many sign-ins at once; try again in a few seconds.";

// An answer on its way from the hash pool to the connection that waits for it.
class LateAnswer {
 public:
  void put(Response answer) {
    std::function<void()> wake;
    {
      const std::lock_guard lock(mutex_);
      answer_ = std::make_shared<Response>(std::move(answer));
      wake = std::move(wake_);
    }
    if (wake) wake();
  }
  std::shared_ptr<Response> take() {
    const std::lock_guard lock(mutex_);
    return answer_;
  }
  void on_put(std::function<void()> wake) {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<Response> answer_;
  std::function<void()> wake_;
};

Answer guarded(spdlog::logger& log, const std::string& request_id,
               const std::function<Answer()>& work) {
  try {
    return work();
  } catch (const std::exception& fault) {
    log.error("event=fault request={} what={}", request_id, logging::quoted(fault.what()));
    return tl::unexpected(ApiError(500, "INTERNAL", "Something went wrong on our side."));
  }
}

// Without the subject: it is for finding somebody by, and nobody needs to read it.
Json identity_view(const store::LinkedIdentity& identity) {
  return {{"provider", identity.provider},
          {"email", nullable(identity.email)},
          {"linkedAt", jobs::iso_time(identity.created_at)}};
}

}  // namespace

ApiError to_api(const accounts::Problem& problem) {
  switch (problem.kind) {
    case Kind::invalid: {
      FieldErrors errors;
      errors.fields[problem.field].push_back(problem.message);
      return validation_error(std::move(errors));
    }
    case Kind::unknown: return ApiError(401, problem.code, problem.message);
    case Kind::forbidden: return ApiError(403, problem.code, problem.message);
    case Kind::missing: return ApiError(404, problem.code, problem.message);
    case Kind::conflict: return ApiError(409, problem.code, problem.message);
    case Kind::failed: return ApiError(problem.error);
  }
  return ApiError(500, "INTERNAL", "Something went wrong on our side.");
}

accounts::Origin origin_of(const Call& call) {
  const auto agent = call.request.headers.find("User-Agent");
  return {call.request.remote, std::string(agent.value_or("")), call.api.link_base};
}

Answer on_hash_pool(Call& call, std::function<Answer()> work) {
  const auto late_answer = std::make_shared<LateAnswer>();
  auto& log = call.services().log;
  const bool taken =
      call.api.hashing.submit([late_answer, work = std::move(work), &log, id = call.request_id] {
        Answer answer = guarded(log, id, work);
        late_answer->put(answer ? std::move(*answer) : failed_response(log, answer.error(), id));
      });
  if (!taken) return tl::unexpected(busy(kTooMany));
  Response response;
  response.body =
      Deferred{{[late_answer](std::function<void()> wake) {
                  late_answer->on_put(std::move(wake));
                  return std::shared_ptr<void>(
                      nullptr, [late_answer](void*) { late_answer->on_put(nullptr); });
                },
                kHashWait},
               [late_answer, &log, id = call.request_id](bool late) -> std::shared_ptr<Response> {
                 auto answer = late_answer->take();
                 if (answer || !late) return answer;
                 return std::make_shared<Response>(failed_response(log, busy(kTooMany), id));
               }};
  return response;
}

bool in_background(Call& call, std::function<void()> work) {
  auto& log = call.services().log;
  return call.api.hashing.submit([work = std::move(work), &log, id = call.request_id] {
    (void)guarded(log, id, [&work]() -> Answer {
      work();
      return Response{};
    });
  });
}

Response mail_is_sent(const Api& api, std::string_view status, std::string_view message) {
  const std::string_view without =
      "This service sends no mail: ask whoever runs it for the link (cadlens admin user-link).";
  return json_response(202,
                       dump({{"status", status},
                             {"message", api.accounts.mailer.configured() ? message : without}}));
}

Result<Json> user_view(const Api& api, const store::User& user) {
  CAD_ASSIGN(const auto profile, accounts::open_profile(api.accounts, user));
  CAD_ASSIGN(const auto linked,
             store::IdentityRepository(api.accounts.database).of_account(user.account_id));
  Json identities = Json::array();
  for (const auto& identity : linked) identities.push_back(identity_view(identity));
  return Json{{"id", user.account_id},
              {"uuid", user.uuid},
              {"email", user.email.empty() ? Json() : Json(user.email)},
              {"plan", api.plan_name(user.account)},
              {"profileComplete", profile.is_complete()},
              {"primaryProvider", user.primary_provider},
              {"hasPassword", user.password_hash.has_value()},
              {"identities", std::move(identities)}};
}

Carrier carrier_of(JsonForm& form) {
  return form.boolean("cookies").value_or(false) ? Carrier::cookies : Carrier::tokens;
}

Answer session_answer(const Api& api, const accounts::SignedIn& session, Carrier carrier,
                      bool is_new_user) {
  CAD_ASSIGN(const Json user, user_view(api, session.user));
  Json body;
  const auto access_life = std::chrono::seconds(auth::kAccessTokenLife);
  if (carrier == Carrier::tokens) {
    body["token"] = session.access_token;
    body["refreshToken"] = session.refresh_token;
  }
  body["expiresIn"] = access_life.count();
  body["sessionId"] = session.session_id;
  body["user"] = user;
  body["profileComplete"] = user["profileComplete"];
  body["isNewUser"] = is_new_user;
  Response response = json_response(200, dump(body));
  if (carrier == Carrier::cookies) {
    set_cookie(response, kAccessCookie, session.access_token, access_life, SameSite::strict);
    set_cookie(response, kRefreshCookie, session.refresh_token,
               std::chrono::duration_cast<std::chrono::seconds>(api.accounts.settings.refresh_life),
               SameSite::strict);
  }
  return response;
}

void drop_cookies(Response& response) {
  for (const std::string_view name : {kAccessCookie, kRefreshCookie})
    set_cookie(response, name, "", {}, SameSite::strict);
}

}  // namespace cad::http
