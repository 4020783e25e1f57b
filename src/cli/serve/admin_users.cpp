// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/clock.hpp"
#include "app/user_admin.hpp"
#include "cli/exit.hpp"
#include "cli/printable.hpp"
#include "cli/serve/admin.hpp"
#include "jobs/names.hpp"
#include "secrets/environment.hpp"

namespace cad::cli {
namespace {

constexpr const char* kLocal = "http://localhost:3001";

void add_base(CLI::App& command, std::string& base) {
  base = kLocal;
  command.add_option("--public-url", base, "Where links lead: the service's public URL");
}

void add_plan_options(CLI::App& command, app::PlanChoice& plan, const std::string& name) {
  command.add_option(name, plan.name, "Plan of the account; default: the installation's");
  command.add_option("--plans", plan.file,
                     "File of plans that the service runs with; default: the built-in ones");
}

int show(const Result<std::string>& text) {
  if (!text) return report(text.error());
  std::printf("%s\n", text->c_str());
  return kSuccess;
}

int done(const Result<void>& result) { return result ? kSuccess : report(result.error()); }

void add_add(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  auto wanted = std::make_shared<app::WantedUser>();
  CLI::App* command =
      admin.add_subcommand("add-user", "Make a user; prints the link to choose a password");
  add_data(*command, *data);
  command->add_option("email", wanted->email, "E-mail address")->required();
  command->add_option("--account", wanted->account,
                      "Account without a user that becomes theirs, by name (\"owner\" is the first "
                      "key's); default: a new one");
  add_plan_options(*command, wanted->plan, "--plan");
  add_base(*command, wanted->base_url);
  command->callback(
      [=, &exit_code] { exit_code = show(app::add_user(*data, *wanted, app::system_now())); });
}

void add_list(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  CLI::App* command = admin.add_subcommand("list-users", "Show the users");
  add_data(*command, *data);
  command->callback([data, &exit_code] {
    const auto users = app::list_users(*data, app::system_now());
    if (!users) {
      exit_code = report(users.error());
      return;
    }
    for (const store::User& user : *users)
      std::printf("%s  %s  %s%s  by %s, since %s\n", user.account_id.c_str(),
                  user.email.empty() ? "(no address)" : printable(user.email).c_str(),
                  printable(user.account.plan.value_or("default plan")).c_str(),
                  user.account.suspended_at ? ", SUSPENDED" : "", user.primary_provider.c_str(),
                  jobs::iso_time(user.created_at).c_str());
  });
}

void add_link(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  auto email = std::make_shared<std::string>();
  auto base = std::make_shared<std::string>();
  auto verify = std::make_shared<bool>(false);
  CLI::App* command = admin.add_subcommand(
      "user-link", "Print a link to choose a password, or to confirm an address: it works once");
  add_data(*command, *data);
  command->add_option("email", *email, "E-mail address")->required();
  command->add_flag("--verify", *verify, "Of somebody who registered and got no mail");
  add_base(*command, *base);
  command->callback([=, &exit_code] {
    exit_code = show(app::make_link(*data, *email, *verify ? app::Link::verify : app::Link::reset,
                                    *base, app::system_now()));
  });
}

void add_owner_link(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  auto base = std::make_shared<std::string>();
  CLI::App* command = admin.add_subcommand(
      "owner-link", "Print a link that signs in to the first key's account: it works once");
  add_data(*command, *data);
  add_base(*command, *base);
  command->callback(
      [=, &exit_code] { exit_code = show(app::make_owner_link(*data, *base, app::system_now())); });
}

void add_invite(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  auto wanted = std::make_shared<app::WantedInvite>();
  CLI::App* command = admin.add_subcommand(
      "invite", "Print an invitation to register, good for one account (--registration invite)");
  add_data(*command, *data);
  command->add_option("--email", wanted->email, "For this address; default: whoever has it");
  add_plan_options(*command, wanted->plan, "--plan");
  command->add_option("--days", wanted->days, "How long it is good");
  command->callback(
      [=, &exit_code] { exit_code = show(app::add_invite(*data, *wanted, app::system_now())); });
}

void add_plan(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  auto who = std::make_shared<std::string>();
  auto plan = std::make_shared<app::PlanChoice>();
  CLI::App* command = admin.add_subcommand("set-plan", "Give an account another plan");
  add_data(*command, *data);
  command->add_option("account", *who, "The user's address, or the account's id or name")
      ->required();
  add_plan_options(*command, *plan, "plan");
  command->callback(
      [=, &exit_code] { exit_code = done(app::set_plan(*data, *who, *plan, app::system_now())); });
}

void add_suspend(CLI::App& admin, int& exit_code, bool suspend) {
  auto data = std::make_shared<std::string>();
  auto who = std::make_shared<std::string>();
  CLI::App* command = admin.add_subcommand(
      suspend ? "suspend" : "resume",
      suspend ? "Refuse an account's keys and sign-ins from the next request on; its data stays"
              : "Let a suspended account in again");
  add_data(*command, *data);
  command->add_option("account", *who, "The user's address, or the account's id or name")
      ->required();
  command->callback([=, &exit_code] {
    exit_code = done(app::set_suspended(*data, *who, suspend, app::system_now()));
  });
}

void add_messages(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  auto limit = std::make_shared<std::int64_t>(100);
  CLI::App* command = admin.add_subcommand(
      "list-messages", "Show what came by /v1/contact and /v1/waitlist, newest first");
  add_data(*command, *data);
  command->add_option("--limit", *limit, "At most");
  command->callback([=, &exit_code] {
    secrets::harden_process();
    const auto messages = app::list_messages(*data, *limit, app::system_now());
    if (!messages) {
      exit_code = report(messages.error());
      return;
    }
    for (const auto& message : *messages) {
      std::printf("%s  %s  %s\n", message.id.c_str(), message.kind.c_str(),
                  jobs::iso_time(message.created_at).c_str());
      for (const auto& [name, value] : message.fields)
        std::printf("  %s: %s\n", printable(name).c_str(), printable(value).c_str());
    }
  });
}

void add_rotate(CLI::App& admin, int& exit_code) {
  auto data = std::make_shared<std::string>();
  CLI::App* command = admin.add_subcommand("rotate-session-key",
                                           "Sign sessions with a new key; nobody is signed out");
  add_data(*command, *data);
  command->callback([data, &exit_code] {
    secrets::harden_process();
    exit_code = show(app::rotate_session_key(*data, app::system_now()));
  });
}

}  // namespace

void add_admin_users(CLI::App& admin, int& exit_code) {
  add_add(admin, exit_code);
  add_list(admin, exit_code);
  add_link(admin, exit_code);
  add_owner_link(admin, exit_code);
  add_invite(admin, exit_code);
  add_plan(admin, exit_code);
  add_suspend(admin, exit_code, true);
  add_suspend(admin, exit_code, false);
  add_messages(admin, exit_code);
  add_rotate(admin, exit_code);
}

}  // namespace cad::cli
