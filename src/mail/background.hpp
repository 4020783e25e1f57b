// SPDX-License-Identifier: Apache-2.0
// Sends mails without making anybody wait: on a thread of its own, a few tries each. What is not
// sent when the process ends is lost, so it is for what can be asked for again.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "mail/mailer.hpp"

namespace cad::mail {

class BackgroundMailer {
 public:
  // Null: no mail server is configured. `failed` is told why a mail was given up, not to whom.
  BackgroundMailer(Mailer* mailer, std::function<void(const std::string& reason)> failed);
  ~BackgroundMailer();
  BackgroundMailer(const BackgroundMailer&) = delete;
  BackgroundMailer& operator=(const BackgroundMailer&) = delete;

  bool configured() const;
  // Quick, from any thread. False: nothing is configured, the mail is to nobody (a user may have no
  // address yet), or too many are waiting.
  bool send(Mail mail);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cad::mail
