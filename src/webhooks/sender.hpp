// SPDX-License-Identifier: Apache-2.0
// One try of one delivery.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "store/outbox.hpp"
#include "webhooks/post.hpp"
#include "webhooks/secrets.hpp"

namespace cad::webhooks {

struct Sent {
  enum class Kind : std::uint8_t { delivered, skipped, retry, give_up } kind = Kind::retry;
  std::optional<std::int64_t> status = std::nullopt;
  std::string error = {};
  std::optional<std::chrono::milliseconds> retry_after = std::nullopt;
};
// Sends it, or says why not. Called without any lock, from many threads at once.
using Send = std::function<Sent(const store::Delivery&)>;

struct WebhookPorts {
  store::Database& database;
  const SecretBox& box;
  Resolver& resolver;
  Poster& poster;
  Policy policy;
  // The body, built anew on each try: links in it are signed for an hour. NOT_FOUND: there is no
  // such job any more.
  std::function<Result<std::string>(const store::Event&)> body;
  std::function<store::UnixMs()> clock;
};
Send webhook_sender(WebhookPorts ports);

// What an answer means.
Sent judge(const Posted& posted);

// What a receiver gets that is to show whether it works; of no job.
std::string test_body(std::string_view event_id);
// Such a request, signed, at once.
Sent send_test(const WebhookPorts& ports, const store::Endpoint& endpoint);

}  // namespace cad::webhooks
