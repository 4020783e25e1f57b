// SPDX-License-Identifier: Apache-2.0
#include "redis/subscriber.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <array>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "redis/back_off.hpp"
#include "redis/connection.hpp"

namespace cad::redis {
namespace {

constexpr std::chrono::seconds kAskAfter{5}, kGoneAfter{12};

}  // namespace

class Subscriber::Loop {
 public:
  Loop(std::shared_ptr<const Options> options, Listener listener)
      : options_(std::move(options)),
        listener_(std::move(listener)),
        bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        thread_([this] { run(); }) {}

  ~Loop() {
    stopping_ = true;
    ring();
    thread_.join();
  }

  void change(const Command& command) {
    {
      const std::lock_guard lock(mutex_);
      if (command[0] == "SUBSCRIBE") {
        wanted_.insert(command[1]);
      } else {
        wanted_.erase(command[1]);
      }
      if (connected_) changes_.push_back(command);
    }
    ring();
  }

  bool is_connected() const {
    const std::lock_guard lock(mutex_);
    return connected_;
  }

 private:
  void ring() const {
    const std::uint64_t one = 1;
    (void)!::write(bell_.get(), &one, sizeof one);
  }

  void silence() const {
    std::uint64_t count = 0;
    (void)!::read(bell_.get(), &count, sizeof count);
  }

  void run() {
    BackOff pause;
    while (!stopping_) {
      if (auto opened = Connection::open(*options_)) {
        pause.reset();
        (void)serve(opened->socket());
        const std::lock_guard lock(mutex_);
        connected_ = false;
        changes_.clear();
      }
      if (stopping_) return;
      pollfd bell{bell_.get(), POLLIN, 0};
      const auto end = in(pause.next());
      // A bell that is no stop is a channel more, which the next connection will have.
      while (!stopping_ && std::chrono::steady_clock::now() < end) {
        (void)::poll(&bell, 1, 20);
        silence();
      }
    }
  }

  // Until the connection is lost, which is its error, or the end.
  Result<void> serve(Socket& socket) {
    Parser parser;
    bool asked = false;
    auto heard = std::chrono::steady_clock::now();
    CAD_TRY(send(socket, all_wanted()));
    std::array<char, 16 * 1024> block;
    while (!stopping_) {
      CAD_ASSIGN(std::size_t count, socket.read_now(block));
      if (count > 0) {
        heard = std::chrono::steady_clock::now();
        asked = false;
        parser.feed({block.data(), count});
        CAD_TRY(tell_all(parser));
        continue;
      }
      const auto silent = std::chrono::steady_clock::now() - heard;
      if (silent > kGoneAfter) return fail(ErrorCode::unavailable, "Redis is silent.");
      if (silent > kAskAfter && !asked) {
        CAD_TRY(send(socket, {{"PING"}}));
        asked = true;
      }
      std::array<pollfd, 2> both{pollfd{socket.descriptor(), POLLIN, 0},
                                 pollfd{bell_.get(), POLLIN, 0}};
      (void)::poll(both.data(), both.size(), 1'000);
      silence();
      CAD_TRY(send(socket, take_changes()));
    }
    return {};
  }

  std::vector<Command> all_wanted() {
    const std::lock_guard lock(mutex_);
    connected_ = true;
    changes_.clear();
    std::vector<Command> commands;
    for (const std::string& channel : wanted_) commands.push_back({"SUBSCRIBE", channel});
    return commands;
  }

  std::vector<Command> take_changes() {
    const std::lock_guard lock(mutex_);
    return std::exchange(changes_, {});
  }

  Result<void> send(Socket& socket, const std::vector<Command>& commands) const {
    std::string bytes;
    for (const Command& command : commands) encode(command, bytes);
    return socket.write(bytes, in(options_->command_timeout));
  }

  Result<void> tell_all(Parser& parser) const {
    while (true) {
      CAD_ASSIGN(const auto reply, parser.next());
      if (!reply) return {};
      if (reply->is_error()) return tl::unexpected(Error{ErrorCode::unavailable, reply->text});
      if (reply->items.size() != 3) continue;  // the answer to a PING
      const std::string& kind = reply->items[0].text;
      if (kind == "message") listener_.message(reply->items[1].text, reply->items[2].text);
      if (kind == "subscribe" && listener_.subscribed) listener_.subscribed(reply->items[1].text);
    }
  }

  const std::shared_ptr<const Options> options_;
  const Listener listener_;
  const UniqueFd bell_;
  mutable std::mutex mutex_;
  std::set<std::string> wanted_;
  std::vector<Command> changes_;
  bool connected_ = false;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

Subscriber::Subscriber(std::shared_ptr<const Options> options, Listener listener)
    : loop_(std::make_unique<Loop>(std::move(options), std::move(listener))) {}
Subscriber::~Subscriber() = default;

void Subscriber::add(std::string_view channel) {
  loop_->change({"SUBSCRIBE", std::string(channel)});
}
void Subscriber::remove(std::string_view channel) {
  loop_->change({"UNSUBSCRIBE", std::string(channel)});
}
bool Subscriber::is_connected() const { return loop_->is_connected(); }

}  // namespace cad::redis
