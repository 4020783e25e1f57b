// SPDX-License-Identifier: Apache-2.0
// Notices between nodes by Redis' publish and subscribe. A node hears of the jobs that somebody on
// it waits for, and of every deletion.
#pragma once

#include <memory>
#include <string>

#include "jobs/event_hub.hpp"

namespace cad::redis {
class Client;
}

namespace cad::jobs {

class RedisRelay final : public Relay {
 public:
  RedisRelay(EventHub& hub, redis::Client& client, std::string prefix = "cadlens:");
  ~RedisRelay() override;

  void tell(Notice notice) override;
  void listen(const std::string& job_id) override;
  void ignore(const std::string& job_id) override;
  bool is_connected() const;

 private:
  class Sender;
  class Ear;
  EventHub& hub_;
  std::unique_ptr<Sender> sender_;
  std::unique_ptr<Ear> ear_;
};

}  // namespace cad::jobs
