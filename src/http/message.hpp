// SPDX-License-Identifier: Apache-2.0
// Requests and responses as the endpoints see them: no network library shows through.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace cad::http {

// Names of headers compare without case.
bool same_name(std::string_view a, std::string_view b);

class Headers {
 public:
  void add(std::string_view name, std::string_view value);
  void set(std::string_view name, std::string_view value);  // replaces
  void remove(std::string_view name);
  // Names compare without case; the first one's value.
  std::optional<std::string_view> find(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// The request's body, pulled. Blocks the calling thread (never the event loop).
class BodyReader {
 public:
  virtual ~BodyReader() = default;
  // 0 at the end. IO: the client went away or is too slow. LIMIT_EXCEEDED: more than is allowed.
  virtual Result<std::size_t> read(std::span<std::byte> into) = 0;
  virtual std::optional<std::uint64_t> declared_size() const = 0;
};

// The connection that a request came by.
struct Arrival {
  enum class Way { plain, tls, unix_socket };
  Way way = Way::plain;
  std::string peer;              // its address; "unix"
  bool redirect_only = false;    // the listener that only tells where https is
  std::uint16_t tls_port = 443;  // where it is
};

struct Request {
  std::string method;  // "GET"; HEAD arrives as GET with `head` set
  bool head = false;
  std::string target;                                      // as sent
  std::vector<std::string> segments;                       // path, split at "/", percent-decoded
  std::vector<std::pair<std::string, std::string>> query;  // decoded
  Headers headers;
  Arrival arrival;
  std::string remote;  // address of the client, behind trusted proxies, too; "unix"
  bool https = false;  // as the client sees it
  BodyReader* body = nullptr;

  std::string path() const;  // "/v1/jobs/x" from the segments, for signatures and logs
  std::optional<std::string_view> query_value(std::string_view name) const;
  std::vector<std::string_view> query_values(std::string_view name) const;
};

// Splits and decodes `target`; INVALID_ARGUMENT for bad escapes and control characters.
Result<void> parse_target(std::string_view target, Request& request);

// Pulled on a worker thread, one buffer at a time.
struct Stream {
  // Fills some of the buffer; 0 at the end. An error cuts the connection, so that the client sees
  // that the answer is incomplete.
  std::function<Result<std::size_t>(std::span<char>)> read;
  std::optional<std::uint64_t> size;  // Content-Length, when known
};

// How the server waits without holding a thread: `subscribe` is told what to call when something
// may have changed, and gives a handle whose end is the end of the subscription.
struct Wait {
  std::function<std::shared_ptr<void>(std::function<void()> wake)> subscribe;
  std::chrono::milliseconds timeout{0};
};

struct Response;

// The answer comes later. `then` is asked at once, after every wake, and a last time (`late`) when
// the timeout is over; it then has to answer.
struct Deferred {
  Wait wait;
  std::function<std::shared_ptr<Response>(bool late)> then;  // null: not yet
};

// Server-sent events: `next` gives text to send (none: wait, then ask again) until `end`.
struct EventStep {
  std::string text;
  bool end = false;
};
struct Events {
  Wait wait;  // timeout = heartbeat
  std::function<EventStep()> next;
};

struct Response {
  int status = 200;
  Headers headers;
  std::variant<std::string, Stream, Deferred, Events> body;
  // Called once, on a worker thread: was the whole answer handed to the network?
  std::function<void(bool complete)> on_sent = nullptr;
  bool as_is = false;  // its coding is chosen already, and Vary says by what
  bool close = false;  // the connection ends with this answer, an unread body stays unread
};

using Handler = std::function<Response(Request&)>;

}  // namespace cad::http
