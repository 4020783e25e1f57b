// SPDX-License-Identifier: Apache-2.0
// Tells the owner by mail that a credential crossed a network unencrypted.
#pragma once

#include <memory>

#include "http/transport/exposure.hpp"
#include "mail/mailer.hpp"

namespace spdlog {
class logger;
}

namespace cad::app {

class ExposureMail {
 public:
  // Both must outlive it. Without a configured owner nothing is sent.
  ExposureMail(const mail::OwnerMail& owner, spdlog::logger& log);
  ~ExposureMail();  // what is not sent yet, is not sent any more: the log has it
  ExposureMail(const ExposureMail&) = delete;
  ExposureMail& operator=(const ExposureMail&) = delete;

  // Quick, from any thread. The same credential at the same place is told once an hour.
  void tell(const http::Exposure& exposure);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cad::app
