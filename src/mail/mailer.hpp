// SPDX-License-Identifier: Apache-2.0
// Sends plain text mails.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

namespace cad::mail {

struct Mail {
  std::string to, subject, text;  // UTF-8
  std::string id;                 // the same when it is sent again: mail programs then show it once
};

class Mailer {
 public:
  virtual ~Mailer() = default;
  // INVALID_ARGUMENT: this mail can never be sent; UNAVAILABLE: try again later. Any thread.
  virtual Result<void> send(const Mail& mail) = 0;
  // From now on nothing is sent, and what is under way ends soon, both as UNAVAILABLE.
  virtual void stop() {}
};

struct SmtpSettings {
  std::string url;             // "smtps://host:465", "smtp://host:587"
  std::string user, password;  // empty: the server asks for none
  std::string from;
  std::string ca_file;  // empty: the system's certificates
};

// smtps:// is TLS from the first byte; smtp:// must offer STARTTLS, unless it is on this machine.
// INVALID_ARGUMENT: the settings make no sense; UNAVAILABLE: libcurl is not installed.
Result<std::unique_ptr<Mailer>> make_smtp_mailer(const SmtpSettings& settings);

// To whom runs the service.
class OwnerMail {
 public:
  OwnerMail() = default;  // nobody is told
  OwnerMail(Mailer& mailer, std::string to) : mailer_(&mailer), to_(std::move(to)) {}
  bool configured() const { return mailer_ != nullptr && !to_.empty(); }
  // Blocks while it is sent.
  Result<void> notify_owner(const std::string& subject, const std::string& text) const;

 private:
  Mailer* mailer_ = nullptr;
  std::string to_;
};

}  // namespace cad::mail
