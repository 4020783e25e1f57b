// SPDX-License-Identifier: Apache-2.0
#include "http/server/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>

#include "http/server/wire.hpp"

namespace cad::http::detail {

namespace {

// In all coroutines here: a co_await stands alone in its statement and takes no temporaries. GCC 12
// miscompiles some that do not.
constexpr auto kAwait = net::as_tuple(net::use_awaitable);
constexpr std::size_t kBuffer = 64 * 1024;
constexpr std::uint64_t kDrainBytes = 64 * 1024;
constexpr std::uint64_t kLingerBytes = 256u << 20;
constexpr std::chrono::seconds kLingerTime{5};
constexpr std::chrono::seconds kRateGrace{30};

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

template <class T>
net::awaitable<T> call(const std::function<T()>& work) {
  co_return work();
}

// Runs `work` on a pool thread; the caller goes on on its own executor.
template <class T>
net::awaitable<T> on_pool(net::thread_pool& pool, const std::function<T()>& work) {
  co_return co_await net::co_spawn(pool, call<T>(work), net::use_awaitable);
}

}  // namespace

struct Session::Waker {
  explicit Waker(net::any_io_executor executor) : timer(std::move(executor)) {}
  net::steady_timer timer;
  bool woken = false;
  std::shared_ptr<void> subscription;
};

Session::Session(Shared& shared, net::ip::tcp::socket socket)
    : shared_(shared), stream_(std::move(socket)), buffer_(kBuffer + 64 * 1024) {
  beast::error_code error;
  const auto peer = stream_.socket().remote_endpoint(error);
  if (!error) remote_ = peer.address().to_string();
  stream_.socket().set_option(net::ip::tcp::no_delay(true), error);
}

void Session::cut() {
  cut_ = true;
  stream_.close();
}

net::awaitable<void> Session::run() {
  while (!shared_.stopping && !cut_) {
    const bool arrived = co_await read_header();
    if (!arrived) break;
    const bool more = co_await serve_one();
    if (!more) break;
  }
  beast::error_code error;
  stream_.socket().shutdown(net::ip::tcp::socket::shutdown_both, error);
}

net::awaitable<bool> Session::read_header() {
  idle_ = true;
  if (buffer_.size() == 0) {
    stream_.expires_after(shared_.options.idle_timeout);
    const auto [error, count] = co_await stream_.async_read_some(buffer_.prepare(4096), kAwait);
    if (error || count == 0) co_return false;
    buffer_.commit(count);
  }
  idle_ = false;
  parser_.emplace();
  parser_->header_limit(shared_.options.max_header_bytes);
  parser_->body_limit(boost::none);  // the routes bound it, with an answer that says so
  stream_.expires_after(shared_.options.header_timeout);
  const auto [error, count] =
      co_await beast::http::async_read_header(stream_, buffer_, *parser_, kAwait);
  if (!error) co_return true;
  if (error == beast::error::timeout) {
    co_await refuse(408, "REQUEST_TIMEOUT", "The request did not arrive in time.");
  } else if (error == beast::http::error::header_limit) {
    co_await refuse(431, "HEADERS_TOO_LARGE", "The request's header is too large.");
  } else if (error.category() ==
                 beast::http::make_error_code(beast::http::error::bad_method).category() &&
             error != beast::http::error::end_of_stream &&
             error != beast::http::error::partial_message) {
    co_await refuse(400, "BAD_REQUEST", "The request is not valid HTTP.");
  }
  co_return false;
}

net::awaitable<void> Session::refuse(int status, std::string_view code, std::string_view message) {
  const std::string answer = plain_refusal(status, code, message);
  const bool sent = co_await write(answer);
  if (sent) co_await close_after_reading();
}

std::optional<std::uint64_t> Session::declared_size() const {
  const auto length = parser_->content_length();
  return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

net::awaitable<Result<std::size_t>> Session::read_body(std::span<std::byte> into) {
  if (continue_wanted_) {
    continue_wanted_ = false;
    const bool told = co_await write("HTTP/1.1 100 Continue\r\n\r\n");
    if (!told) co_return fail(ErrorCode::io, "The client went away.");
  }
  auto& body = parser_->get().body();
  body.data = into.data();
  body.size = into.size();
  body.more = true;
  while (!parser_->is_done() && body.size == into.size()) {
    stream_.expires_after(shared_.options.body_timeout);
    const auto [error, count] =
        co_await beast::http::async_read_some(stream_, buffer_, *parser_, kAwait);
    if (error == beast::http::error::need_buffer) break;
    if (error == beast::error::timeout)
      co_return fail(ErrorCode::io, "The body arrived too slowly.");
    if (error) co_return fail(ErrorCode::io, "The body ended early or is malformed.");
  }
  const std::size_t got = into.size() - body.size;
  body.data = nullptr;
  body.size = 0;
  body_bytes_ += got;
  const auto taken = std::chrono::steady_clock::now() - body_start_;
  if (taken > kRateGrace &&
      body_bytes_ < shared_.options.min_body_rate *
                        static_cast<std::uint64_t>(
                            std::chrono::duration_cast<std::chrono::seconds>(taken).count()))
    co_return fail(ErrorCode::io, "The body arrived too slowly.");
  co_return got;
}

net::awaitable<bool> Session::serve_one() {
  const auto& message = parser_->get();
  Request request;
  request.method = std::string(message.method_string());
  request.head = request.method == "HEAD";
  if (request.head) request.method = "GET";
  request.remote = remote_;
  for (const auto& field : message) request.headers.add(field.name_string(), field.value());
  const auto expect = request.headers.find("Expect");
  continue_wanted_ = expect && *expect == "100-continue" && message.version() >= 11;
  const bool had_expect = continue_wanted_;
  body_bytes_ = 0;
  body_start_ = std::chrono::steady_clock::now();

  SessionBody body(*this);
  request.body = &body;
  if (auto parsed = parse_target(message.target(), request); !parsed) {
    co_await refuse(400, "BAD_REQUEST", parsed.error().message);
    co_return false;
  }
  Response response = co_await handle(request);
  response = co_await resolve(std::move(response));
  // A client that still waits for "100 Continue" will not send its body: the connection ends here.
  const bool unsent = had_expect && continue_wanted_;
  bool body_read = parser_->is_done();
  if (!body_read && !unsent) body_read = co_await drain_small_rest();
  const bool keep = body_read && message.keep_alive() && !shared_.stopping && !cut_;
  const bool sent = co_await send(request, response, keep);
  if (response.on_sent) {
    const std::function<bool()> tell = [&] {
      response.on_sent(sent);
      return true;
    };
    co_await on_pool(shared_.pool, tell);
  }
  if (sent && !body_read) co_await close_after_reading();
  co_return sent&& keep;
}

net::awaitable<Response> Session::handle(Request& request) {
  const std::function<Response()> work = [&] { return shared_.handler(request); };
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

net::awaitable<bool> Session::write(std::string_view bytes) {
  stream_.expires_after(shared_.options.write_timeout);
  const auto [error, count] =
      co_await net::async_write(stream_, net::buffer(bytes.data(), bytes.size()), kAwait);
  co_return !error;
}

net::awaitable<bool> Session::write_piece(std::string_view bytes, bool chunked) {
  const std::string size = chunked ? chunk_header(bytes.size()) : std::string();
  const std::string_view end = chunked ? "\r\n" : "";
  const std::array<net::const_buffer, 3> pieces{net::buffer(size),
                                                net::buffer(bytes.data(), bytes.size()),
                                                net::buffer(end.data(), end.size())};
  stream_.expires_after(shared_.options.write_timeout);
  const auto [error, count] = co_await net::async_write(stream_, pieces, kAwait);
  co_return !error;
}

net::awaitable<bool> Session::send(const Request& request, Response& response, bool keep_alive) {
  const bool old = parser_->get().version() < 11;
  const Framing framing = framing_of(response, old);
  std::string head = serialize_head(response, framing, keep_alive && !framing.until_close);
  auto* text = std::get_if<std::string>(&response.body);
  if (text && !request.head) head += *text;
  bool good = co_await write(head);
  if (!good || text || request.head) co_return good;
  if (auto* stream = std::get_if<Stream>(&response.body)) {
    good = co_await send_stream(*stream, framing.chunked);
  } else if (auto* events = std::get_if<Events>(&response.body)) {
    good = co_await send_events(*events, framing.chunked);
  }
  if (good && framing.chunked) good = co_await write("0\r\n\r\n");
  if (framing.until_close) cut_ = true;
  co_return good;
}

net::awaitable<bool> Session::send_stream(Stream& stream, bool chunked) {
  std::string block(kBuffer, '\0');
  std::uint64_t sent = 0;
  const std::function<Result<std::size_t>()> pull = [&] { return stream.read(block); };
  while (true) {
    const auto count = co_await on_pool(shared_.pool, pull);
    if (!count) co_return false;
    if (*count == 0) break;
    sent += *count;
    const std::string_view piece = std::string_view(block).substr(0, *count);
    const bool good = co_await write_piece(piece, chunked);
    if (!good) co_return false;
  }
  co_return !stream.size || *stream.size == sent;
}

net::awaitable<bool> Session::send_events(Events& events, bool chunked) {
  const auto waker = subscribe(events.wait);
  while (!shared_.stopping && !cut_) {
    waker->woken = false;
    const EventStep step = co_await on_pool(shared_.pool, events.next);
    if (!step.text.empty()) {
      const bool good = co_await write_piece(step.text, chunked);
      if (!good) co_return false;
    }
    if (step.end) co_return true;
    if (!step.text.empty() || waker->woken) continue;
    const bool woken = co_await wait(*waker, events.wait.timeout);
    if (woken) continue;
    const bool alive = co_await write_piece(": still here\n\n", chunked);
    if (!alive) co_return false;
  }
  co_return true;
}

// Reads what little is left of a body that nobody wanted, so that the connection can live on.
net::awaitable<bool> Session::drain_small_rest() {
  const auto declared = declared_size();
  if (declared && *declared - std::min(*declared, body_bytes_) > kDrainBytes) co_return false;
  std::array<std::byte, 4096> block;
  std::uint64_t drained = 0;
  while (!parser_->is_done() && drained <= kDrainBytes) {
    const auto count = co_await read_body(block);
    if (!count) co_return false;
    drained += *count;
  }
  co_return parser_->is_done();
}

// The answer is out while the client may still be sending. Closing at once would make the kernel
// reset the connection and the client lose the answer: so its bytes are taken and dropped a while.
net::awaitable<void> Session::close_after_reading() {
  beast::error_code ignored;
  stream_.socket().shutdown(net::ip::tcp::socket::shutdown_send, ignored);
  std::string block(kBuffer, '\0');
  std::uint64_t dropped = 0;
  const auto end = std::chrono::steady_clock::now() + kLingerTime;
  while (dropped < kLingerBytes && std::chrono::steady_clock::now() < end && !shared_.stopping) {
    stream_.expires_at(end);
    const auto [error, count] = co_await stream_.async_read_some(net::buffer(block), kAwait);
    if (error) break;
    dropped += count;
  }
}

}  // namespace cad::http::detail
