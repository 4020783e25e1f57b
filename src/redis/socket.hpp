// SPDX-License-Identifier: Apache-2.0
// One connection, plain or TLS, every step of which has a deadline.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "redis/options.hpp"

namespace cad::redis {

using Deadline = std::chrono::steady_clock::time_point;

inline Deadline in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

class Socket {
 public:
  // UNAVAILABLE: it cannot be reached, is too slow, or is not who it should be.
  static Result<Socket> open(const Options& options, Deadline deadline);
  Socket(Socket&&) noexcept;
  Socket& operator=(Socket&&) noexcept;
  ~Socket();

  Result<void> write(std::string_view bytes, Deadline deadline);
  // At least one byte; the other side's end is UNAVAILABLE.
  Result<std::size_t> read(std::span<char> into, Deadline deadline);
  // What is there without waiting; 0: nothing.
  Result<std::size_t> read_now(std::span<char> into);
  // Nothing has come, not even the end, since the last read.
  bool is_quiet() const;
  int descriptor() const { return fd_.get(); }

 private:
  struct Tls;
  Socket(UniqueFd fd, std::unique_ptr<Tls> tls);
  Result<void> secure(const Options& options, Deadline deadline);
  // > 0: bytes; 0: has to wait for `events`.
  Result<std::size_t> try_read(std::span<char> into, short& events);
  Result<std::size_t> try_write(std::string_view bytes, short& events);

  UniqueFd fd_;
  std::unique_ptr<Tls> tls_;
};

}  // namespace cad::redis
