// SPDX-License-Identifier: Apache-2.0
#include "redis/client.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "crypto/bytes.hpp"
#include "redis/back_off.hpp"
#include "redis/connection.hpp"

namespace cad::redis {
namespace {

// Errors of a server that will be well again, by itself or by its operator.
constexpr std::array<std::string_view, 12> kPassing{
    "LOADING", "BUSY",   "READONLY", "MASTERDOWN", "OOM",       "MISCONF",
    "NOAUTH",  "NOPERM", "TRYAGAIN", "NOREPLICAS", "WRONGPASS", "CLUSTERDOWN"};

}  // namespace

Error error_of(const Reply& reply) {
  const std::string_view code = std::string_view(reply.text).substr(0, reply.text.find(' '));
  if (std::find(kPassing.begin(), kPassing.end(), code) != kPassing.end())
    return {ErrorCode::unavailable, "Redis does not serve us: " + std::string(code) + "."};
  return {ErrorCode::internal, "Redis refused a command: " + reply.text};
}

// SHA-1 is Redis' name for a script; nothing relies on its strength.
Script::Script(std::string_view text) : text_(text) {
  std::array<std::uint8_t, 20> digest{};
  EVP_Digest(text_.data(), text_.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
  sha1_ = crypto::to_hex(crypto::as_bytes(digest));
}

class Client::Pool {
 public:
  explicit Pool(std::shared_ptr<const Options> options)
      : options_(std::move(options)), thread_([this] { look_for_it(); }) {}

  ~Pool() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  Result<std::vector<Reply>> run(const std::vector<Command>& commands) {
    CAD_ASSIGN(auto connection, acquire());
    auto replies = connection->run(commands, in(options_->command_timeout));
    if (replies) {
      release(std::move(connection));
    } else {
      lose(std::move(connection), replies.error());
    }
    return replies;
  }

  const std::shared_ptr<const Options>& options() const { return options_; }

 private:
  using Held = std::unique_ptr<Connection>;

  Result<Held> acquire() {
    std::unique_lock lock(mutex_);
    const auto end = in(options_->command_timeout);
    while (true) {
      if (away_) return fail(ErrorCode::unavailable, why_);
      if (!idle_.empty()) {
        Held connection = std::move(idle_.back());
        idle_.pop_back();
        if (connection->socket().is_quiet()) return connection;
        --open_;  // closed by the server meanwhile
        continue;
      }
      if (open_ < options_->most_connections) break;
      if (changed_.wait_until(lock, end) == std::cv_status::timeout)
        return fail(ErrorCode::unavailable, "Redis is not available: too many commands wait.");
    }
    ++open_;
    lock.unlock();
    auto opened = Connection::open(*options_);
    if (opened) return std::make_unique<Connection>(std::move(*opened));
    lose(nullptr, opened.error());
    return tl::unexpected(std::move(opened.error()));
  }

  void release(Held connection) {
    {
      const std::lock_guard lock(mutex_);
      idle_.push_back(std::move(connection));
    }
    changed_.notify_one();
  }

  void lose(Held connection, const Error& error) {
    std::vector<Held> closed;
    {
      const std::lock_guard lock(mutex_);
      closed.swap(idle_);
      open_ -= closed.size() + 1;
      away_ = true;
      why_ = error.message;
    }
    connection.reset();
    changed_.notify_all();
  }

  void look_for_it() {
    BackOff pause;
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stopping_ || away_; });
      if (changed_.wait_for(lock, pause.next(), [this] { return stopping_; })) return;
      lock.unlock();
      auto opened = Connection::open(*options_);
      lock.lock();
      if (!opened) {
        why_ = opened.error().message;
        continue;
      }
      pause.reset();
      away_ = false;
      ++open_;
      idle_.push_back(std::make_unique<Connection>(std::move(*opened)));
    }
  }

  const std::shared_ptr<const Options> options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Held> idle_;
  std::size_t open_ = 0;  // idle ones and those in use
  bool away_ = false, stopping_ = false;
  std::string why_;
  std::thread thread_;
};

Client::Client(std::shared_ptr<const Options> options)
    : pool_(std::make_unique<Pool>(std::move(options))) {}
Client::~Client() = default;

const std::shared_ptr<const Options>& Client::options() const { return pool_->options(); }

Result<std::vector<Reply>> Client::pipeline(const std::vector<Command>& commands) {
  return pool_->run(commands);
}

Result<Reply> Client::run(const Command& command) {
  CAD_ASSIGN(auto replies, pool_->run({command}));
  if (replies.front().is_error()) return tl::unexpected(error_of(replies.front()));
  return std::move(replies.front());
}

Result<Reply> Client::run(const Script& script, const std::vector<std::string>& keys,
                          const std::vector<std::string>& arguments) {
  Command command{"EVALSHA", script.sha1(), std::to_string(keys.size())};
  command.insert(command.end(), keys.begin(), keys.end());
  command.insert(command.end(), arguments.begin(), arguments.end());
  CAD_ASSIGN(auto replies, pool_->run({command}));
  // A server that has started anew knows no scripts.
  if (!replies.front().is_error() || !replies.front().text.starts_with("NOSCRIPT")) {
    if (replies.front().is_error()) return tl::unexpected(error_of(replies.front()));
    return std::move(replies.front());
  }
  command[0] = "EVAL";
  command[1] = script.text();
  return run(command);
}

}  // namespace cad::redis
