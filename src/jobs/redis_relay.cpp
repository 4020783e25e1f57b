// SPDX-License-Identifier: Apache-2.0
#include "jobs/redis_relay.hpp"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <deque>
#include <thread>

#include "crypto/bytes.hpp"
#include "redis/client.hpp"
#include "redis/subscriber.hpp"

namespace cad::jobs {
namespace {

constexpr std::size_t kMostWaiting = 10'000, kBatch = 200;
// Progress of one job is told so often at most; a change at once.
constexpr std::chrono::milliseconds kPause{50};

// "node c", "node r job", "node p attempt percent phase".
std::string text_of(const Notice& notice, const std::string& node) {
  switch (notice.kind) {
    case Notice::Kind::changed: return node + " c";
    case Notice::Kind::removed: return node + " r " + notice.job_id;
    case Notice::Kind::progress: break;
  }
  return node + " p " + std::to_string(notice.progress.attempt) + " " +
         std::to_string(notice.progress.percent) + " " + notice.progress.phase;
}

std::string_view next_word(std::string_view& text) {
  const auto space = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, space);
  text.remove_prefix(std::min(space + 1, text.size()));
  return word;
}

template <class T>
bool read_number(std::string_view text, T& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

// None: our own, or not understood (of a newer version).
std::optional<Notice> notice_of(std::string_view text, std::string job_id,
                                const std::string& node) {
  if (next_word(text) == node) return std::nullopt;
  const std::string_view kind = next_word(text);
  Notice notice{Notice::Kind::changed, std::move(job_id)};
  if (kind == "c") return notice;
  if (kind == "r") {
    notice.kind = Notice::Kind::removed;
    notice.job_id = std::string(next_word(text));
    return notice;
  }
  notice.kind = Notice::Kind::progress;
  if (kind != "p" || !read_number(next_word(text), notice.progress.attempt) ||
      !read_number(next_word(text), notice.progress.percent))
    return std::nullopt;
  notice.progress.percent = std::clamp(notice.progress.percent, 0, 100);
  notice.progress.phase = text.substr(0, 40);
  return notice;
}

}  // namespace

// Publishes from a thread of its own, so that nobody waits for Redis.
class RedisRelay::Sender {
 public:
  Sender(redis::Client& client, std::string prefix, std::string node)
      : client_(client),
        prefix_(std::move(prefix)),
        node_(std::move(node)),
        thread_([this] { run(); }) {}

  ~Sender() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  void add(Notice notice) {
    {
      const std::lock_guard lock(mutex_);
      if (notice.kind == Notice::Kind::progress) {
        auto found = std::find_if(waiting_.rbegin(), waiting_.rend(), [&](const Notice& other) {
          return other.job_id == notice.job_id;
        });
        if (found != waiting_.rend() && found->kind == Notice::Kind::progress) {
          found->progress = std::move(notice.progress);
          return;
        }
        if (waiting_.size() >= kMostWaiting) return;
      } else {
        urgent_ = true;
        if (waiting_.size() >= 2 * kMostWaiting) return;
      }
      waiting_.push_back(std::move(notice));
    }
    changed_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      changed_.wait_for(lock, kPause, [this] { return stopping_ || urgent_; });
      urgent_ = false;
      std::vector<redis::Command> commands;
      while (!waiting_.empty() && commands.size() < kBatch) {
        const Notice& notice = waiting_.front();
        const bool removed = notice.kind == Notice::Kind::removed;
        commands.push_back({"PUBLISH",
                            prefix_ + "events:" + (removed ? "removed" : "job:" + notice.job_id),
                            text_of(notice, node_)});
        if (removed)  // who waits for it hears it as well
          commands.push_back({"PUBLISH", prefix_ + "events:job:" + notice.job_id, node_ + " c"});
        waiting_.pop_front();
      }
      urgent_ = !waiting_.empty();
      lock.unlock();
      (void)client_.pipeline(commands);  // lost with Redis away: who waits looks for itself
      lock.lock();
    }
  }

  redis::Client& client_;
  const std::string prefix_, node_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Notice> waiting_;
  bool urgent_ = false, stopping_ = false;
  std::thread thread_;
};

class RedisRelay::Ear {
 public:
  Ear(EventHub& hub, redis::Client& client, const std::string& prefix, std::string node)
      : hub_(hub),
        jobs_(prefix + "events:job:"),
        removed_(prefix + "events:removed"),
        node_(std::move(node)),
        subscriber_(client.options(), {[this](std::string_view channel, std::string_view text) {
                                         hear(channel, text);
                                       },
                                       [this](std::string_view channel) { catch_up(channel); }}) {
    subscriber_.add(removed_);
  }

  void listen(const std::string& job_id) { subscriber_.add(jobs_ + job_id); }
  void ignore(const std::string& job_id) { subscriber_.remove(jobs_ + job_id); }
  bool is_connected() const { return subscriber_.is_connected(); }

 private:
  std::string job_of(std::string_view channel) const {
    return channel.starts_with(jobs_) ? std::string(channel.substr(jobs_.size())) : std::string();
  }

  void hear(std::string_view channel, std::string_view text) {
    if (const auto notice = notice_of(text, job_of(channel), node_)) hub_.heard(*notice);
  }

  // From here on nothing is missed; what was before, the database knows.
  void catch_up(std::string_view channel) {
    if (const std::string id = job_of(channel); !id.empty())
      hub_.heard({Notice::Kind::changed, id});
  }

  EventHub& hub_;
  const std::string jobs_, removed_, node_;
  redis::Subscriber subscriber_;
};

RedisRelay::RedisRelay(EventHub& hub, redis::Client& client, std::string prefix) : hub_(hub) {
  const std::string node = crypto::random_hex(8);
  ear_ = std::make_unique<Ear>(hub, client, prefix, node);
  sender_ = std::make_unique<Sender>(client, std::move(prefix), node);
  hub_.relay_by(this);
}

RedisRelay::~RedisRelay() { hub_.relay_by(nullptr); }

void RedisRelay::tell(Notice notice) { sender_->add(std::move(notice)); }
void RedisRelay::listen(const std::string& job_id) { ear_->listen(job_id); }
void RedisRelay::ignore(const std::string& job_id) { ear_->ignore(job_id); }
bool RedisRelay::is_connected() const { return ear_->is_connected(); }

}  // namespace cad::jobs
