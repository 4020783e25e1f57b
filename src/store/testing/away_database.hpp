// SPDX-License-Identifier: Apache-2.0
// Passes everything on, until it is away.
#pragma once

#include <atomic>
#include <string>
#include <utility>

#include "store/database.hpp"

namespace cad::store {

class AwayDatabase : public Database {
 public:
  explicit AwayDatabase(Database& inner, std::string why = "It is away.")
      : inner_(inner), why_(std::move(why)) {}

  std::atomic<bool> away = false;
  std::atomic<bool> lose_next_answer = false;  // of a transaction that has been done
  std::atomic<int> asked = 0, asked_alone = 0;

  Dialect dialect() const override { return inner_.dialect(); }
  Result<Rows> read(std::string_view sql, const Values& values) override {
    CAD_TRY(check());
    return inner_.read(sql, values);
  }
  Result<Rows> write(std::string_view sql, const Values& values) override {
    CAD_TRY(check());
    return inner_.write(sql, values);
  }
  Result<void> transaction(const std::function<Result<void>(Session&)>& body) override {
    CAD_TRY(check());
    CAD_TRY(inner_.transaction(body));
    return answer();
  }
  Result<void> transaction_for_now(const std::function<Result<void>(Session&)>& body) override {
    CAD_TRY(check());
    CAD_TRY(inner_.transaction_for_now(body));
    return answer();
  }
  Result<void> exclusively(const std::function<Result<void>(Session&)>& body) override {
    CAD_TRY(check());
    ++asked_alone;
    return inner_.exclusively(body);
  }
  Result<void> snapshot(const std::function<Result<void>(Session&)>& body) override {
    CAD_TRY(check());
    return inner_.snapshot(body);
  }

 private:
  tl::unexpected<Error> gone() const { return fail(ErrorCode::unavailable, why_); }
  Result<void> answer() {
    if (lose_next_answer.exchange(false)) return gone();
    return {};
  }
  Result<void> check() {
    ++asked;
    if (away) return gone();
    return {};
  }

  Database& inner_;
  const std::string why_;
};

}  // namespace cad::store
