// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <memory>

#include "app/webhook_admin.hpp"
#include "cli/exit.hpp"
#include "cli/serve/admin.hpp"
#include "cli/serve/webhook_options.hpp"

namespace cad::cli {
namespace {

struct Arguments {
  std::string data = "cadlens-data";
  std::string id, url;
  bool is_default = false, off = false, failed = false;
  std::int64_t overlap_hours = 24, limit = 50;
  app::WebhookConfig config;
};
using Shared = std::shared_ptr<Arguments>;
using Action = std::function<Result<void>(app::WebhookAdmin&, const Arguments&)>;

void say(const std::string& line) { std::printf("%s\n", line.c_str()); }

// What a receiver or a user named may hold control characters.
std::string clean(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

Result<void> list(app::WebhookAdmin& admin, const Arguments&) {
  CAD_ASSIGN(const auto all, admin.list());
  for (const store::Endpoint& endpoint : all)
    say(endpoint.id + (endpoint.is_active ? "  active  " : "  disabled") +
        (endpoint.is_default ? "  default  " : "           ") + endpoint.url +
        (endpoint.disabled_reason ? "  (" + clean(*endpoint.disabled_reason) + ")" : ""));
  return {};
}

Result<void> add(app::WebhookAdmin& admin, const Arguments& arguments) {
  CAD_ASSIGN(const auto added, admin.add(arguments.url, arguments.is_default));
  say("id: " + added.endpoint.id);
  say("secret: " + added.secret);
  return {};
}

Result<void> remove(app::WebhookAdmin& admin, const Arguments& arguments) {
  return admin.remove(arguments.id);
}
Result<void> enable(app::WebhookAdmin& admin, const Arguments& arguments) {
  return admin.enable(arguments.id);
}
Result<void> disable(app::WebhookAdmin& admin, const Arguments& arguments) {
  return admin.disable(arguments.id);
}
Result<void> set_default(app::WebhookAdmin& admin, const Arguments& arguments) {
  return admin.set_default(arguments.id, !arguments.off);
}

Result<void> secret(app::WebhookAdmin& admin, const Arguments& arguments) {
  CAD_ASSIGN(const std::string text, admin.secret(arguments.id));
  say(text);
  return {};
}

Result<void> rotate(app::WebhookAdmin& admin, const Arguments& arguments) {
  CAD_ASSIGN(const std::string text,
             admin.rotate_secret(arguments.id, std::chrono::hours(arguments.overlap_hours)));
  say(text);
  return {};
}

Result<void> deliveries(app::WebhookAdmin& admin, const Arguments& arguments) {
  CAD_ASSIGN(const auto all, admin.deliveries(arguments.failed, arguments.limit));
  for (const auto& [delivery, attempts] : all) {
    say(delivery.event.id + "  " + std::string(to_string(delivery.state)) + "  " +
        std::string(to_string(delivery.event.name)) + "  " + delivery.event.job_id + "  " +
        std::string(to_string(delivery.kind)) + "  " + clean(delivery.target));
    for (const store::Attempt& attempt : attempts)
      say("  try " + std::to_string(attempt.number) + "  status " +
          (attempt.status ? std::to_string(*attempt.status) : "-") + "  " +
          std::to_string(attempt.duration_ms) + " ms  " + clean(attempt.error.value_or("ok")));
  }
  return {};
}

Result<void> resend(app::WebhookAdmin& admin, const Arguments& arguments) {
  CAD_ASSIGN(const std::int64_t count, admin.resend(arguments.id));
  say("queued: " + std::to_string(count));
  return {};
}

Result<void> test(app::WebhookAdmin& admin, const Arguments& arguments) {
  CAD_ASSIGN(const webhooks::Sent sent, admin.test(arguments.id, arguments.config));
  if (sent.kind != webhooks::Sent::Kind::delivered)
    return fail(ErrorCode::unavailable, "The test was not delivered: " + sent.error);
  say("delivered: status " + std::to_string(sent.status.value_or(0)));
  return {};
}

CLI::App* add_action(CLI::App& parent, int& exit_code, const Shared& arguments, const char* name,
                     const char* help, Action action) {
  CLI::App* command = parent.add_subcommand(name, help);
  command->callback([arguments, action = std::move(action), &exit_code] {
    auto admin = app::WebhookAdmin::open(arguments->data);
    const Result<void> done =
        admin ? action(**admin, *arguments) : tl::unexpected(std::move(admin.error()));
    if (!done) exit_code = report(done.error());
  });
  return command;
}

void add_secret_actions(CLI::App& hooks, int& exit_code, const Shared& arguments) {
  constexpr const char* kWhose = "Endpoint; without one the account's default secret";
  add_action(hooks, exit_code, arguments, "secret", "Show a signing secret", secret)
      ->add_option("ID", arguments->id, kWhose);
  CLI::App* command =
      add_action(hooks, exit_code, arguments, "rotate-secret",
                 "Make a new secret and show it; the old one signs beside it for a while", rotate);
  command->add_option("ID", arguments->id, kWhose);
  command->add_option("--overlap-hours", arguments->overlap_hours, "How long both sign")
      ->check(CLI::Range(0, 24 * 365));
}

void add_delivery_actions(CLI::App& hooks, int& exit_code, const Shared& arguments) {
  CLI::App* command = add_action(hooks, exit_code, arguments, "deliveries",
                                 "Show what was sent and what became of it", deliveries);
  command->add_flag("--failed", arguments->failed, "Only what was given up");
  command->add_option("--limit", arguments->limit, "How many")->check(CLI::Range(1, 10'000));
  add_action(hooks, exit_code, arguments, "resend", "Send an event again", resend)
      ->add_option("EVENT_ID", arguments->id, "As `deliveries` shows it")
      ->required();
  command = add_action(hooks, exit_code, arguments, "test", "Send a signed test event now", test);
  command->add_option("ID", arguments->id, "Endpoint")->required();
  add_webhook_options(*command, arguments->config);
}

}  // namespace

void add_admin_webhooks(CLI::App& admin, int& exit_code) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* hooks = admin.add_subcommand("webhooks", "Who is told when a job starts and ends");
  hooks->require_subcommand(1);
  hooks->fallthrough();
  hooks->add_option("--data", arguments->data, "Data directory");
  add_action(*hooks, exit_code, arguments, "list", "Show the endpoints", list);
  CLI::App* command = add_action(*hooks, exit_code, arguments, "add",
                                 "Register an endpoint and show its signing secret", add);
  command->add_option("URL", arguments->url, "Where events are sent")->required();
  command->add_flag("--default", arguments->is_default, "Gets the events of jobs that name no URL");
  const std::pair<const char*, std::pair<const char*, Action>> simple[] = {
      {"remove", {"Forget an endpoint", remove}},
      {"enable", {"Send to it again", enable}},
      {"disable", {"Send nothing to it any more", disable}}};
  for (const auto& [name, what] : simple)
    add_action(*hooks, exit_code, arguments, name, what.first, what.second)
        ->add_option("ID", arguments->id, "Endpoint")
        ->required();
  command = add_action(*hooks, exit_code, arguments, "set-default",
                       "Send to it what jobs without a URL of their own cause", set_default);
  command->add_option("ID", arguments->id, "Endpoint")->required();
  command->add_flag("--off", arguments->off, "Make it the default no longer");
  add_secret_actions(*hooks, exit_code, arguments);
  add_delivery_actions(*hooks, exit_code, arguments);
}

}  // namespace cad::cli
