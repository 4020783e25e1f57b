// SPDX-License-Identifier: Apache-2.0
#include "http/server/session.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <cstring>
#include <exception>
#include <optional>

#include "http/server/wire.hpp"
#include "http/transport/secure_headers.hpp"

namespace cad::http::detail {

namespace {

// In all coroutines here: a co_await stands alone in its statement and takes no temporaries. GCC 12
// miscompiles some that do not.
constexpr auto kAwait = net::as_tuple(net::use_awaitable);
constexpr std::size_t kBuffer = 64 * 1024;
constexpr std::size_t kMostPiece = 256 * 1024;  // of a stream, sent at once
constexpr std::size_t kHeadRead = 4096;
constexpr std::size_t kChunkRead = 16 * 1024;
constexpr std::size_t kAhead = 64 * 1024;  // of a connection, which may be anybody's
constexpr std::size_t kChunkFront = 16;    // room for a chunk's size before its data
constexpr std::uint64_t kDrainBytes = 64 * 1024;
constexpr std::uint64_t kLingerBytes = 256u << 20;
constexpr std::chrono::seconds kLingerTime{5};
constexpr std::chrono::seconds kFarewellTime{2};
constexpr std::chrono::seconds kRateGrace{30};
constexpr const char* kTooSlow = "The body arrived too slowly.";
constexpr const char* kEndedEarly = "The body ended early.";

// Pulls the body from a pool thread while the session waits for that thread's answer.
class SessionBody : public BodyReader {
 public:
  explicit SessionBody(Session& session) : session_(session) {}

  Result<std::size_t> read(std::span<std::byte> into) override {
    if (into.empty()) return std::size_t{0};
    return net::co_spawn(session_.executor(), session_.read_body(into), net::use_future).get();
  }
  std::optional<std::uint64_t> declared_size() const override { return session_.declared_size(); }

 private:
  Session& session_;
};

// Runs `work` on a pool thread; the caller goes on on its own executor, whose loop does not end
// meanwhile. One post there and one back: a coroutine spawned on the pool took twice as many.
template <class T>
net::awaitable<T> on_pool(net::thread_pool& pool, const std::function<T()>& work) {
  std::optional<T> made;
  std::exception_ptr thrown;
  auto start = [&](auto done) {
    const auto executor = net::get_associated_executor(done);
    net::post(pool, [&, done = std::move(done), guard = net::make_work_guard(executor)]() mutable {
      try {
        made = work();
      } catch (...) {
        thrown = std::current_exception();
      }
      net::post(guard.get_executor(), std::move(done));
    });
  };
  auto over = net::async_initiate<const net::use_awaitable_t<>, void()>(start, net::use_awaitable);
  co_await std::move(over);
  if (thrown) std::rethrow_exception(thrown);
  co_return std::move(*made);
}

}  // namespace

struct Session::Waker {
  explicit Waker(net::any_io_executor executor) : timer(std::move(executor)) {}
  net::steady_timer timer;
  bool woken = false;
  std::shared_ptr<void> subscription;
};

void Session::cut() {
  cut_ = true;
  channel_->close();
}

void Session::expire() {
  deadline_ = SteadyTime::max();
  timed_out_ = true;
  channel_->cancel();
}

bool Session::too_slow(const Rate& rate) const {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(rate.waited);
  return seconds > kRateGrace &&
         rate.bytes < shared_.options.min_rate * static_cast<std::uint64_t>(seconds.count());
}

net::awaitable<Io> Session::read(std::span<char> into, SteadyTime deadline) {
  timed_out_ = false;
  deadline_ = deadline;
  const Io got = co_await channel_->read_some(into);
  deadline_ = SteadyTime::max();
  co_return got;
}

net::awaitable<bool> Session::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const SteadyTime start = std::chrono::steady_clock::now();
    deadline_ = start + shared_.options.write_timeout;
    const Io done = co_await channel_->write_some(bytes);
    deadline_ = SteadyTime::max();
    if (done.error) co_return false;
    bytes.remove_prefix(done.count);
    outgoing_.bytes += done.count;
    outgoing_.waited += std::chrono::steady_clock::now() - start;
    if (too_slow(outgoing_)) co_return false;
  }
  co_return true;
}

net::awaitable<void> Session::run() {
  deadline_ = std::chrono::steady_clock::now() + shared_.options.handshake_timeout;
  const bool secured = co_await channel_->handshake();
  deadline_ = SteadyTime::max();
  while (secured && !shared_.stopping && !cut_) {
    const bool arrived = co_await read_head();
    if (!arrived) break;
    const bool more = co_await serve_one();
    if (!more) break;
  }
  if (cut_) co_return;
  deadline_ = std::chrono::steady_clock::now() + kFarewellTime;
  co_await channel_->end_writing();
}

net::awaitable<bool> Session::read_first_bytes() {
  idle_ = true;
  const SteadyTime end = std::chrono::steady_clock::now() + shared_.options.idle_timeout;
  const std::span<char> room = in_.room(kHeadRead);
  const Io got = co_await read(room, end);
  idle_ = false;
  if (got.error || got.count == 0) co_return false;
  in_.commit(got.count);
  co_return true;
}

net::awaitable<bool> Session::read_head() {
  if (in_.view().empty()) {
    const bool begun = co_await read_first_bytes();
    if (!begun) co_return false;
  }
  const SteadyTime end = std::chrono::steady_clock::now() + shared_.options.header_timeout;
  HeadScanner scanner(shared_.options.max_header_bytes);
  auto found = scanner.scan(in_.view());
  while (found && !*found) {
    const std::span<char> room = in_.room(kHeadRead);
    const Io got = co_await read(room, end);
    if (got.error && timed_out_) {
      co_await refuse(408, "REQUEST_TIMEOUT", "The request did not arrive in time.");
      co_return false;
    }
    if (got.error || got.count == 0) co_return false;
    in_.commit(got.count);
    found = scanner.scan(in_.view());
  }
  if (!found) {
    co_await refuse_head(found.error());
    co_return false;
  }
  auto head = parse_head(in_.view().substr(0, **found));
  if (!head) {
    co_await refuse_head(head.error());
    co_return false;
  }
  in_.consume(**found);
  head_ = std::move(*head);
  body_.emplace(head_);
  co_return true;
}

net::awaitable<void> Session::refuse_head(const Error& error) {
  if (error.code == ErrorCode::limit_exceeded) {
    co_await refuse(431, "HEADERS_TOO_LARGE", error.message);
  } else {
    co_await refuse(400, "BAD_REQUEST", error.message);
  }
}

net::awaitable<void> Session::refuse(int status, std::string_view code, std::string_view message) {
  const bool tls = arrival_.way == Arrival::Way::tls;
  const std::string answer = plain_refusal(status, code, message, tls);
  outgoing_ = {};
  const bool sent = co_await write(answer);
  if (sent) co_await close_after_reading();
}

// A small body is waited for here, where that costs no thread of the pool. What goes wrong is told
// to whoever reads it.
net::awaitable<void> Session::read_ahead() {
  unread_ = nullptr;
  if (continue_wanted_ || !body_->plain() || body_->left() > kAhead) co_return;
  body_since_ = std::chrono::steady_clock::now();
  Rate arrived;
  while (in_.view().size() < body_->left() && unread_ == nullptr) {
    const std::span<char> room =
        in_.room(static_cast<std::size_t>(body_->left()) - in_.view().size());
    const SteadyTime start = std::chrono::steady_clock::now();
    const Io got = co_await read(room, start + shared_.options.body_timeout);
    arrived.waited += std::chrono::steady_clock::now() - start;
    in_.commit(got.count);
    arrived.bytes += got.count;
    if ((got.error && timed_out_) || too_slow(arrived))
      unread_ = kTooSlow;
    else if (got.error || got.count == 0)
      unread_ = kEndedEarly;
  }
  body_since_ = SteadyTime::max();
}

net::awaitable<Result<std::size_t>> Session::read_body(std::span<std::byte> into) {
  if (continue_wanted_) {
    continue_wanted_ = false;
    const bool told = co_await write("HTTP/1.1 100 Continue\r\n\r\n");
    if (!told) co_return fail(ErrorCode::io, "The client went away.");
  }
  std::size_t made = 0;
  while (made == 0 && !body_->done()) {
    if (!in_.view().empty()) {
      const auto step = body_->decode(in_.view(), into);
      if (!step) co_return fail(ErrorCode::io, step.error().message);
      in_.consume(step->used);
      made = step->made;
      continue;
    }
    if (unread_ != nullptr) co_return fail(ErrorCode::io, unread_);
    // A body by length needs no decoding: it goes where it is wanted.
    const bool direct = body_->plain();
    const std::size_t most =
        static_cast<std::size_t>(std::min<std::uint64_t>(body_->left(), into.size()));
    const std::span<char> room =
        direct ? std::span<char>(reinterpret_cast<char*>(into.data()), most) : in_.room(kChunkRead);
    const SteadyTime start = std::chrono::steady_clock::now();
    const Io got = co_await read(room, start + shared_.options.body_timeout);
    incoming_.waited += std::chrono::steady_clock::now() - start;
    if (got.error && timed_out_) co_return fail(ErrorCode::io, kTooSlow);
    if (got.error || got.count == 0) co_return fail(ErrorCode::io, kEndedEarly);
    if (direct) {
      body_->skip(got.count);
      made = got.count;
    } else {
      in_.commit(got.count);
    }
  }
  incoming_.bytes += made;
  if (too_slow(incoming_)) co_return fail(ErrorCode::io, kTooSlow);
  co_return made;
}

net::awaitable<bool> Session::serve_one() {
  Request request;
  request.method = head_.method;
  request.head = request.method == "HEAD";
  if (request.head) request.method = "GET";
  request.arrival = arrival_;
  request.headers = std::move(head_.headers);
  continue_wanted_ = head_.expect_continue && !body_->done();
  const bool had_expect = continue_wanted_;
  incoming_ = outgoing_ = {};

  SessionBody body(*this);
  request.body = &body;
  if (auto parsed = parse_target(head_.target, request); !parsed) {
    co_await refuse(400, "BAD_REQUEST", parsed.error().message);
    co_return false;
  }
  co_await read_ahead();
  Response response = co_await handle(request);
  response = co_await resolve(std::move(response));
  // A client that still waits for "100 Continue" will not send its body: the connection ends here.
  const bool unsent = had_expect && continue_wanted_;
  bool body_read = body_->done();
  if (!body_read && !unsent && !response.close) body_read = co_await drain_small_rest();
  const bool keep = body_read && head_.keep_alive && !response.close && !shared_.draining &&
                    !shared_.stopping && !cut_;
  const bool sent = co_await send(request, response, keep);
  if (response.on_sent) tell(std::move(response.on_sent), sent);
  if (sent && !body_read) co_await close_after_reading();
  // What is incomplete must not end like something that is whole.
  if (!sent) cut();
  co_return sent&& keep && !last_;
}

// Nobody waits for it but the handler of this connection's next request.
void Session::tell(std::function<void(bool)> on_sent, bool complete) {
  auto task = std::make_shared<std::packaged_task<void()>>(
      [on_sent = std::move(on_sent), complete] { on_sent(complete); });
  told_ = task->get_future();
  net::post(shared_.pool, [task] { (*task)(); });
}

net::awaitable<Response> Session::handle(Request& request) {
  const std::function<Response()> work = [&] {
    if (told_.valid()) told_.get();  // it has been posted before: some thread is at it
    return shared_.handler(request);
  };
  co_return co_await on_pool(shared_.pool, work);
}

std::shared_ptr<Session::Waker> Session::subscribe(const Wait& wait) {
  auto waker = std::make_shared<Waker>(executor());
  std::weak_ptr<Waker> weak = waker;
  waker->subscription = wait.subscribe([weak, executor = executor()] {
    net::post(executor, [weak] {
      if (const auto alive = weak.lock()) {
        alive->woken = true;
        alive->timer.cancel();
      }
    });
  });
  return waker;
}

// True: woken; false: the time is over (or the server stops).
net::awaitable<bool> Session::wait(Waker& waker, std::chrono::milliseconds timeout) {
  constexpr std::chrono::milliseconds kLook{500};  // how soon a stop is noticed
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (!waker.woken && !shared_.stopping && !cut_) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= end) break;
    waker.timer.expires_at(std::min(end, now + kLook));
    co_await waker.timer.async_wait(kAwait);
  }
  const bool woken = waker.woken;
  waker.woken = false;
  co_return woken;
}

net::awaitable<Response> Session::resolve(Response response) {
  using Later = std::shared_ptr<Response>;
  while (auto* deferred = std::get_if<Deferred>(&response.body)) {
    const Deferred later = std::move(*deferred);
    const auto waker = subscribe(later.wait);
    const auto end = std::chrono::steady_clock::now() + later.wait.timeout;
    const std::function<Later()> ask = [&] { return later.then(false); };
    const std::function<Later()> ask_last = [&] { return later.then(true); };
    Later answer = co_await on_pool(shared_.pool, ask);
    while (!answer) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          end - std::chrono::steady_clock::now());
      const bool woken = co_await wait(*waker, left);
      const auto& next = woken ? ask : ask_last;
      answer = co_await on_pool(shared_.pool, next);
    }
    response = std::move(*answer);
  }
  co_return response;
}

net::awaitable<bool> Session::send(const Request& request, Response& response, bool keep_alive) {
  add_secure_headers(response.headers, request.https);
  const Framing framing = framing_of(response, head_.http_1_0);
  std::string head = serialize_head(response, framing, keep_alive && !framing.until_close);
  auto* text = std::get_if<std::string>(&response.body);
  if (text && !request.head) head += *text;
  bool good = co_await write(head);
  if (framing.until_close) last_ = true;
  if (!good || text || request.head) co_return good;
  if (auto* stream = std::get_if<Stream>(&response.body)) {
    good = co_await send_stream(*stream, framing.chunked);
  } else if (auto* events = std::get_if<Events>(&response.body)) {
    good = co_await send_events(*events, framing.chunked);
  }
  if (good && framing.chunked) good = co_await write("0\r\n\r\n");
  co_return good;
}

net::awaitable<bool> Session::send_stream(Stream& stream, bool chunked) {
  const std::size_t most = std::min<std::uint64_t>(stream.size.value_or(kMostPiece), kMostPiece);
  std::string block(kChunkFront + most + 2, '\0');
  std::uint64_t sent = 0;
  const std::function<Result<std::size_t>()> pull = [&] {
    return stream.read(std::span<char>(block).subspan(kChunkFront, most));
  };
  while (true) {
    const auto count = co_await on_pool(shared_.pool, pull);
    if (!count) co_return false;
    if (*count == 0) break;
    sent += *count;
    std::size_t start = kChunkFront, end = kChunkFront + *count;
    if (chunked) {  // size and end around the data, so that all goes out as one
      const std::string size = chunk_header(*count);
      start -= size.size();
      std::memcpy(block.data() + start, size.data(), size.size());
      std::memcpy(block.data() + end, "\r\n", 2);
      end += 2;
    }
    const std::string_view piece = std::string_view(block).substr(start, end - start);
    const bool good = co_await write(piece);
    if (!good) co_return false;
  }
  co_return !stream.size || *stream.size == sent;
}

net::awaitable<bool> Session::send_event(std::string_view text, bool chunked) {
  std::string piece(text);
  if (chunked) piece = chunk_header(text.size()) + piece + "\r\n";
  const bool good = co_await write(piece);
  co_return good;
}

net::awaitable<bool> Session::send_events(Events& events, bool chunked) {
  const auto waker = subscribe(events.wait);
  while (!shared_.stopping && !cut_) {
    waker->woken = false;
    const EventStep step = co_await on_pool(shared_.pool, events.next);
    if (!step.text.empty()) {
      const bool good = co_await send_event(step.text, chunked);
      if (!good) co_return false;
    }
    if (step.end) co_return true;
    if (!step.text.empty() || waker->woken) continue;
    const bool woken = co_await wait(*waker, events.wait.timeout);
    if (woken) continue;
    const bool alive = co_await send_event(": still here\n\n", chunked);
    if (!alive) co_return false;
  }
  co_return true;
}

// Reads what little is left of a body that nobody wanted, so that the connection can live on.
net::awaitable<bool> Session::drain_small_rest() {
  const auto declared = declared_size();
  if (declared && body_->left() > kDrainBytes) co_return false;
  std::array<std::byte, 4096> block;
  std::uint64_t drained = 0;
  while (!body_->done() && drained <= kDrainBytes) {
    const auto count = co_await read_body(block);
    if (!count) co_return false;
    drained += *count;
  }
  co_return body_->done();
}

// The answer is out while the client may still be sending. Closing at once would make the kernel
// reset the connection and the client lose the answer: so its bytes are taken and dropped a while.
net::awaitable<void> Session::close_after_reading() {
  const SteadyTime end = std::chrono::steady_clock::now() + kLingerTime;
  deadline_ = end;
  co_await channel_->end_writing();
  std::string block(kBuffer, '\0');
  std::uint64_t dropped = 0;
  while (dropped < kLingerBytes && std::chrono::steady_clock::now() < end && !shared_.stopping) {
    deadline_ = end;
    const Io got = co_await channel_->read_raw(block);
    if (got.error || got.count == 0) break;
    dropped += got.count;
  }
  cut();
}

}  // namespace cad::http::detail
