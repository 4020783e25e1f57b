// SPDX-License-Identifier: Apache-2.0
// API keys as their account makes, lists, replaces and ends them.
#include "accounts/keys.hpp"

#include <map>

#include "http/endpoints/account.hpp"
#include "http/endpoints/endpoints.hpp"
#include "http/json_form.hpp"
#include "jobs/names.hpp"
#include "jobs/result.hpp"

namespace cad::http {
namespace {

constexpr std::size_t kMostName = 200;
constexpr std::int64_t kMostOverlapHours = 24 * 365;

Json words(std::string_view text) {
  Json list = Json::array();
  while (!text.empty()) {
    const auto blank = std::min(text.find(' '), text.size());
    list.push_back(text.substr(0, blank));
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  return list;
}

// What a key has to do with others of its account.
struct Place {
  std::optional<std::string> replaces = std::nullopt, replaced_by = std::nullopt;
  // While it works beside the one that replaced it.
  std::optional<store::UnixMs> revokes_at = std::nullopt;
};

// One generation after the other: see store::ApiKey.
class Families {
 public:
  explicit Families(const std::vector<store::ApiKey>& keys) {
    for (const store::ApiKey& key : keys) ids_[{key.family, key.generation}] = key.id;
  }
  Place place_of(const store::ApiKey& key, store::UnixMs now) const {
    Place place{id_of(key.family, key.generation - 1), id_of(key.family, key.generation + 1), {}};
    if (place.replaced_by && !key.revoked_at && key.expires_at && *key.expires_at > now)
      place.revokes_at = key.expires_at;
    return place;
  }

 private:
  std::optional<std::string> id_of(const std::string& family, std::int64_t generation) const {
    const auto found = ids_.find({family, generation});
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
  }

  std::map<std::pair<std::string, std::int64_t>, std::string> ids_;
};

Json key_view(const store::ApiKey& key, const Place& place) {
  return {{"id", key.id},
          {"name", key.name},
          {"label", key.label},
          {"keyPrefix", key.prefix},
          {"scopes", words(key.scopes)},
          {"allowedNetworks", words(key.allowed_networks)},
          {"resultSchema", key.result_schema},
          {"createdAt", jobs::iso_time(key.created_at)},
          {"expiresAt", nullable_time(key.expires_at)},
          {"revokedAt", nullable_time(key.revoked_at)},
          {"replaces", nullable(place.replaces)},
          {"replacedBy", nullable(place.replaced_by)},
          {"revokesAt", nullable_time(place.revokes_at)},
          {"lastUsedAt", nullable_time(key.last_used_at)}};
}

// The only answer that ever holds the raw key.
Response made_answer(const accounts::MadeKey& made, const Place& place) {
  Json view = key_view(made.record, place);
  view["key"] = made.raw;
  return json_response(201, dump(view));
}

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& word : list) out += (out.empty() ? "" : " ") + word;
  return out;
}

void note(const Call& call, std::string_view what, const std::string& key_id) {
  call.api.accounts.note(
      {call.principal.account_id, std::string(what), call.request.remote, {{"key", key_id}}});
}

}  // namespace

Answer get_keys(Call& call) {
  store::KeyRepository keys(call.services().database);
  CAD_ASSIGN(const auto list, keys.list(call.principal.account_id));
  Json views = Json::array();
  const Families families(list);
  const store::UnixMs now = call.services().clock();
  for (const store::ApiKey& key : list) views.push_back(key_view(key, families.place_of(key, now)));
  return json_response(200, dump({{"keys", std::move(views)}}));
}

Answer post_keys(Call& call) {
  auto form = JsonForm::read(call);
  CAD_HTTP_TRY(form);
  accounts::WantedKey wanted;
  wanted.name = form->text("name", kMostName);
  wanted.label = form->maybe_text("label", kMostName).value_or("");
  wanted.scopes = joined(form->texts("scopes", 16, 64).value_or(std::vector<std::string>()));
  wanted.networks = form->texts("allowedNetworks", 64, 64).value_or(std::vector<std::string>());
  wanted.expires_at = form->time("expiresAt");
  if (auto schema = form->maybe_text("resultSchema", 20)) {
    if (!jobs::parse_result_schema(*schema))
      form->fault("resultSchema", "Must be 2.0.0 or 2024-01.");
    wanted.result_schema = std::move(*schema);
  }
  CAD_HTTP_TRY(form->check());
  const auto made = accounts::create_key(call.services().database, call.principal.account_id,
                                         wanted, call.services().clock());
  CAD_OUTCOME_TRY(made);
  note(call, "key.created", made->record.id);
  return made_answer(*made, {});
}

Answer delete_key(Call& call) {
  CAD_OUTCOME_TRY(accounts::revoke_key(call.services().database, call.principal.account_id,
                                       call.params[0], call.services().clock()));
  note(call, "key.revoked", call.params[0]);
  return no_content();
}

Answer post_rotate_key(Call& call) {
  auto form = JsonForm::read_optional(call);
  CAD_HTTP_TRY(form);
  const auto hours = form->integer("overlapHours", 0, kMostOverlapHours);
  CAD_HTTP_TRY(form->check());
  const store::UnixMs now = call.services().clock();
  std::optional<store::UnixMs> until;
  if (hours) until = now + *hours * 3'600'000;
  const auto made = accounts::rotate_key(call.services().database, call.principal.account_id,
                                         call.params[0], until, now);
  CAD_OUTCOME_TRY(made);
  note(call, "key.rotated", call.params[0]);
  return made_answer(*made, {.replaces = call.params[0]});
}

}  // namespace cad::http
