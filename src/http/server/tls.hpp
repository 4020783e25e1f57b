// SPDX-License-Identifier: Apache-2.0
// Certificate and key, and what is spoken with them: TLS 1.2 and 1.3, ciphers with forward secrecy
// and authenticated encryption only.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/result.hpp"

struct ssl_ctx_st;

namespace cad::http {

struct TlsFiles {
  std::string cert;  // PEM: the certificate, then those in between up to the root
  std::string key;   // PEM, without a password, not readable by others
};

// What TLS would say of the pair at start. INVALID_ARGUMENT with the reason.
Result<void> check_tls(const TlsFiles& files);

namespace detail {

class TlsContext {
 public:
  // Reads the pair. INVALID_ARGUMENT with the reason.
  static Result<std::unique_ptr<TlsContext>> open(TlsFiles files);

  // For new connections; those that run keep theirs.
  ssl_ctx_st* current() const { return context_.get(); }

  // Looks whether the files have changed. True: their new pair is in use. An error, once a change:
  // the new pair is not usable and the old one goes on.
  Result<bool> refresh();

 private:
  explicit TlsContext(TlsFiles files) : files_(std::move(files)) {}
  std::string stamp() const;

  TlsFiles files_;
  std::shared_ptr<ssl_ctx_st> context_;
  std::string stamp_;
  std::chrono::steady_clock::time_point made_{};
};

}  // namespace detail
}  // namespace cad::http
