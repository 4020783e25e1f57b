// SPDX-License-Identifier: Apache-2.0
// What has to be looked at now and then: spikes of usage, the age of counts and of the feed, and
// what other processes wrote into the audit log. In a thread of its own, as telling people may take
// time.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "accounts/services.hpp"
#include "app/sweeper.hpp"
#include "audit/log.hpp"
#include "jobs/services.hpp"
#include "mail/mailer.hpp"
#include "usage/spikes.hpp"

namespace cad::app {

// Writes to the people of an account.
using TellAccount = std::function<void(const std::string& account_id, const std::string& subject,
                                       const std::string& text)>;

// To the account's user; without one, or without a mail server for users, to the service's owner.
TellAccount teller(const accounts::Accounts& accounts, const mail::OwnerMail& owner);

class Upkeep {
 public:
  Upkeep(const jobs::Services& services, audit::Log& audit, TellAccount tell, NodeDuties duties,
         std::chrono::milliseconds every);
  ~Upkeep();
  // Nothing new is begun; the destructor waits for what is under way.
  void ask_to_stop();
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

 private:
  void run();
  void look();
  void look_for_spikes();
  void told(const usage::FoundSpike& found);
  Result<std::int64_t> remove_old();

  const jobs::Services& services_;
  audit::Log& audit_;
  TellAccount tell_;
  NodeDuties duties_;
  std::chrono::milliseconds every_;
  std::mutex mutex_;
  std::condition_variable stop_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace cad::app
