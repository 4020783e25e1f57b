// SPDX-License-Identifier: Apache-2.0
// Passes everything on, and remembers what was asked.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "store/database.hpp"

namespace cad::store {

class RecordingDatabase : public Database {
 public:
  explicit RecordingDatabase(Database& inner) : inner_(inner) {}

  // Each text once, with the values of its first use.
  const std::map<std::string, Values>& statements() const { return statements_; }

  Dialect dialect() const override { return inner_.dialect(); }
  Result<Rows> read(std::string_view sql, const Values& values) override {
    note(sql, values);
    return inner_.read(sql, values);
  }
  Result<Rows> write(std::string_view sql, const Values& values) override {
    note(sql, values);
    return inner_.write(sql, values);
  }
  Result<void> transaction(const std::function<Result<void>(Session&)>& body) override {
    return inner_.transaction([&](Session& session) { return recorded(session, body); });
  }
  Result<void> transaction_for_now(const std::function<Result<void>(Session&)>& body) override {
    return inner_.transaction_for_now([&](Session& session) { return recorded(session, body); });
  }
  Result<void> exclusively(const std::function<Result<void>(Session&)>& body) override {
    return inner_.exclusively([&](Session& session) { return recorded(session, body); });
  }
  Result<void> snapshot(const std::function<Result<void>(Session&)>& body) override {
    return inner_.snapshot([&](Session& session) { return recorded(session, body); });
  }

 private:
  class RecordingSession : public Session {
   public:
    RecordingSession(RecordingDatabase& to, Session& inner) : to_(to), inner_(inner) {}
    Result<Rows> run(std::string_view sql, const Values& values) override {
      to_.note(sql, values);
      return inner_.run(sql, values);
    }

   private:
    RecordingDatabase& to_;
    Session& inner_;
  };

  Result<void> recorded(Session& session, const std::function<Result<void>(Session&)>& body) {
    RecordingSession recording(*this, session);
    return body(recording);
  }
  void note(std::string_view sql, const Values& values) {
    const std::lock_guard lock(mutex_);
    statements_.emplace(std::string(sql), values);
  }

  Database& inner_;
  std::mutex mutex_;
  std::map<std::string, Values> statements_;
};

}  // namespace cad::store
