// SPDX-License-Identifier: Apache-2.0
// The record of security events. Each entry holds the digest of the one before and is signed
// (HMAC-SHA-256) under a key derived from the master key: whoever can write to the database, but
// has no key, cannot change, remove, swap or insert an entry unseen. Its last number and hash go to
// the service's log, as a tail that was cut off leaves a good chain.
//
// An entry names accounts and keys by their ids, and addresses; never a mail address or a secret.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "logging/outage.hpp"
#include "secrets/key_ring.hpp"
#include "store/audit.hpp"

namespace spdlog {
class logger;
}

namespace cad::audit {

struct Event {
  std::string name;             // "key.created"
  std::string account_id = {};  // whom it is about; empty: nobody's account
  std::string actor = {};       // "key_...", an account's or a session's id, "operator", "service"
  std::string address = {};     // of who did it; empty: on this machine
  std::map<std::string, std::string> detail = {};
};

class Log {
 public:
  // `log` may be null: commands beside the service leave it to the service to tell.
  Log(store::Database& database, std::shared_ptr<secrets::KeySource> masters,
      std::function<store::UnixMs()> clock, spdlog::logger* log);

  // Safe beside other threads and processes.
  Result<void> append(const Event& event);
  // Tells the service's log of every entry that it was not told of yet, those of other processes
  // too; of the last one at the first call.
  void announce();

 private:
  store::AuditRepository rows_;
  std::shared_ptr<secrets::KeySource> masters_;
  std::function<store::UnixMs()> clock_;
  spdlog::logger* log_;
  logging::Outage outage_;
  std::mutex mutex_;
  std::optional<std::int64_t> announced_;
};

}  // namespace cad::audit
