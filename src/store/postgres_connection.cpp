// SPDX-License-Identifier: Apache-2.0
#include "store/postgres_connection.hpp"

#include <poll.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <vector>

#include "store/texts.hpp"

namespace cad::store::postgres {
namespace {

// Types of the catalog pg_type, by their fixed numbers.
enum : Oid {
  kBool = 16,
  kName = 19,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kText = 25,
  kUnknown = 705,
  kBpchar = 1042,
  kVarchar = 1043
};

constexpr std::size_t kMostStatements = 300;
constexpr std::chrono::seconds kGrace{5};
constexpr int kOldestServer = 130000;

std::string as_text(std::chrono::milliseconds time) { return std::to_string(time.count()); }

std::string sqlstate_of(const PGresult* result) {
  const char* code = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
  return code ? code : "";
}

// "cached plan must not change result type": a migration changed a table since it was prepared.
bool is_stale_plan(const PGresult* result) {
  const char* function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
  return function != nullptr && std::string_view(function) == "RevalidateCachedQuery";
}

// A null has no type of its own: the server takes that of its place.
Oid type_of(const Value& value) {
  if (std::holds_alternative<std::int64_t>(value)) return kInt8;
  return std::holds_alternative<std::string>(value) ? Oid{kText} : Oid{0};
}

}  // namespace

Result<void> check_url(const std::string& url) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(
      is_postgres_url(url) ? PQconninfoParse(url.c_str(), nullptr) : nullptr, PQconninfoFree);
  if (parsed) return {};
  return fail(ErrorCode::invalid_argument,
              "The database's URL must be like postgresql://user:password@host:5432/name, with "
              "special characters of the password written as %XX.");
}

Result<std::unique_ptr<Connection>> Connection::open(const PostgresOptions& options) {
  CAD_TRY(check_url(options.url));
  std::unique_ptr<Connection> connection(new Connection(options));
  CAD_TRY(connection->connect());
  CAD_TRY(connection->check_server());
  CAD_TRY(connection->settle());
  return connection;
}

Result<void> Connection::connect() {
  const std::string user_timeout = as_text(options_.statement_timeout + kGrace);
  // The last one of a name counts: a URL may not turn these off.
  const std::array<std::pair<const char*, std::string>, 7> settings{
      {{"dbname", options_.url},
       {"application_name", options_.application_name},
       {"client_encoding", "UTF8"},
       {"keepalives_idle", "15"},
       {"keepalives_interval", "5"},
       {"keepalives_count", "3"},
       {"tcp_user_timeout", user_timeout}}};
  std::vector<const char*> names, values;
  for (const auto& [name, value] : settings) {
    names.push_back(name);
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  handle_.reset(PQconnectStartParams(names.data(), values.data(), 1));
  if (!handle_) return fail(ErrorCode::unavailable, "There is no memory for a connection.");
  if (const char* password = PQpass(handle_.get())) password_ = password;
  const auto until = Clock::now() + options_.connect_timeout;
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  while (state == PGRES_POLLING_READING || state == PGRES_POLLING_WRITING) {
    if (PQstatus(handle_.get()) == CONNECTION_BAD) break;
    CAD_TRY(wait(state == PGRES_POLLING_READING ? POLLIN : POLLOUT, until));
    state = PQconnectPoll(handle_.get());
  }
  if (state == PGRES_POLLING_OK) return {};
  // libpq does not tell the SQLSTATE of a refused connection: its words are all there is.
  const std::string why = without_secret(PQerrorMessage(handle_.get()), password_);
  const bool refused = why.find("authentication failed") != why.npos ||
                       why.find("no password supplied") != why.npos ||
                       why.find("no pg_hba.conf entry") != why.npos ||
                       (why.find("FATAL:") != why.npos && why.find("does not exist") != why.npos);
  return fail(refused ? ErrorCode::invalid_argument : ErrorCode::unavailable,
              "The database cannot be reached: " + why);
}

Result<void> Connection::check_server() {
  if (PQserverVersion(handle_.get()) < kOldestServer)
    return fail(ErrorCode::invalid_argument, "The database must be PostgreSQL 13 or newer.");
  const char* encoding = PQparameterStatus(handle_.get(), "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8")
    return fail(ErrorCode::invalid_argument,
                "The database must be made with the encoding UTF8 (CREATE DATABASE ... ENCODING "
                "'UTF8' TEMPLATE template0).");
  return {};
}

Result<void> Connection::settle() {
  if (PQsetnonblocking(handle_.get(), 1) != 0) return lost("it cannot be used");
  CAD_TRY(command(
      "SET statement_timeout = " + as_text(options_.statement_timeout) +
      "; SET lock_timeout = " + as_text(options_.lock_timeout) +
      "; SET idle_in_transaction_session_timeout = " + as_text(options_.idle_transaction_timeout) +
      "; SET default_transaction_isolation = 'read committed'"
      "; SET client_min_messages = warning; SET standard_conforming_strings = on"));
  return {};
}

bool Connection::is_alive() {
  if (broken_ || in_transaction()) return false;
  pollfd peer{PQsocket(handle_.get()), POLLIN, 0};
  if (::poll(&peer, 1, 0) > 0) {
    // Something unasked: the end, or a notice of it; after a parameter's change all is well.
    if (!PQconsumeInput(handle_.get()) || PQstatus(handle_.get()) != CONNECTION_OK) return false;
    const ResultPtr unasked(PQisBusy(handle_.get()) ? nullptr : PQgetResult(handle_.get()));
    if (unasked || (peer.revents & (POLLHUP | POLLERR)) != 0) return false;
    return answers_soon();
  }
  return Clock::now() - used_at_ < options_.idle_before_ping || answers_soon();
}

// Somebody waits for a connection, and a new one may be had: this one gets no time to think.
bool Connection::answers_soon() {
  pinging_ = true;
  const bool answered = command("SELECT 1").has_value();
  pinging_ = false;
  return answered;
}

Connection::Clock::time_point Connection::deadline() const {
  if (pinging_) return Clock::now() + options_.ping_timeout;
  if (patient_ || options_.statement_timeout.count() == 0) return Clock::time_point::max();
  return Clock::now() + options_.statement_timeout + kGrace;
}

Result<void> Connection::wait(short events, Clock::time_point until) {
  pollfd peer{PQsocket(handle_.get()), events, 0};
  while (true) {
    int time = -1;
    if (until != Clock::time_point::max()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
      if (left <= 0) return lost("it does not answer");
      time = static_cast<int>(std::min<std::int64_t>(left, 60'000));
    }
    const int ready = ::poll(&peer, 1, time);
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return lost("it cannot be waited for");
  }
}

Result<void> Connection::flush(Clock::time_point until) {
  while (true) {
    const int left = PQflush(handle_.get());
    if (left == 0) return {};
    if (left < 0) return lost(PQerrorMessage(handle_.get()));
    CAD_TRY(wait(POLLIN | POLLOUT, until));
    // Both sides may be waiting for the other to read.
    if (!PQconsumeInput(handle_.get())) return lost(PQerrorMessage(handle_.get()));
  }
}

Result<ResultPtr> Connection::answer() {
  const auto until = deadline();
  CAD_TRY(flush(until));
  ResultPtr last, bad;
  while (true) {
    while (PQisBusy(handle_.get())) {
      CAD_TRY(wait(POLLIN, until));
      if (!PQconsumeInput(handle_.get())) return lost(PQerrorMessage(handle_.get()));
    }
    ResultPtr result(PQgetResult(handle_.get()));
    if (!result) break;
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      if (!bad) bad = std::move(result);
    } else if (!last || status == PGRES_TUPLES_OK || PQntuples(last.get()) == 0) {
      last = std::move(result);
    }
  }
  used_at_ = Clock::now();
  if (bad) return failed(bad.get());
  if (!last) return lost("it ended the connection");
  return last;
}

tl::unexpected<Error> Connection::failed(const PGresult* result) {
  Judged judged = judge(sqlstate_of(result));
  if (PQstatus(handle_.get()) != CONNECTION_OK || is_stale_plan(result))
    judged = {Failure::lost, ErrorCode::unavailable};
  failure_ = judged.failure;
  broken_ = broken_ || judged.failure == Failure::lost;
  // The details quote rows: they are left out.
  const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string why =
      without_secret(primary ? primary : PQresultErrorMessage(result), password_);
  switch (judged.code) {
    case ErrorCode::conflict: return fail(judged.code, "The database refused the row: " + why);
    case ErrorCode::unavailable: return fail(judged.code, "The database is not available: " + why);
    default: return fail(judged.code, "The database failed: " + why);
  }
}

tl::unexpected<Error> Connection::lost(std::string_view why) {
  failure_ = Failure::lost;
  broken_ = true;
  return fail(ErrorCode::unavailable,
              "The connection to the database is lost: " + without_secret(why, password_));
}

Result<std::string> Connection::prepared(std::string_view sql, const Values& values) {
  std::string key;
  std::vector<Oid> types;
  for (const Value& value : values) {
    types.push_back(type_of(value));
    key.push_back(types.back() == kInt8 ? 'i' : types.back() == kText ? 't' : 'n');
  }
  key.append(":").append(sql);
  if (const auto found = statements_.find(key); found != statements_.end()) return found->second;
  if (statements_.size() >= kMostStatements) {
    CAD_TRY(command("DEALLOCATE ALL"));
    statements_.clear();
  }
  std::string name = "s" + std::to_string(++made_);
  if (!PQsendPrepare(handle_.get(), name.c_str(), std::string(sql).c_str(),
                     static_cast<int>(types.size()), types.data()))
    return lost(PQerrorMessage(handle_.get()));
  CAD_TRY(answer());
  statements_.emplace(std::move(key), name);
  return name;
}

Result<Rows> Connection::run(std::string_view sql, const Values& values) {
  if (broken_) return lost("it was lost before");
  CAD_TRY(check_texts(values));
  CAD_ASSIGN(const std::string name, prepared(sql, values));
  std::vector<std::string> numbers(values.size());
  std::vector<const char*> texts(values.size(), nullptr);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (const auto* number = std::get_if<std::int64_t>(&values[i])) {
      numbers[i] = std::to_string(*number);
      texts[i] = numbers[i].c_str();
    } else if (const auto* text = std::get_if<std::string>(&values[i])) {
      texts[i] = text->c_str();
    }
  }
  if (!PQsendQueryPrepared(handle_.get(), name.c_str(), static_cast<int>(texts.size()),
                           texts.data(), nullptr, nullptr, 0))
    return lost(PQerrorMessage(handle_.get()));
  CAD_ASSIGN(const ResultPtr result, answer());
  return rows_of(result.get());
}

Result<Rows> Connection::command(const std::string& sql) {
  if (broken_) return lost("it was lost before");
  if (!PQsendQuery(handle_.get(), sql.c_str())) return lost(PQerrorMessage(handle_.get()));
  CAD_ASSIGN(const ResultPtr result, answer());
  return rows_of(result.get());
}

Result<void> Connection::commit() {
  if (broken_) return lost("it was lost before");
  if (!PQsendQuery(handle_.get(), "COMMIT")) return lost(PQerrorMessage(handle_.get()));
  CAD_ASSIGN(const ResultPtr result, answer());
  // What a transaction gets in which something failed.
  if (std::string_view(PQcmdStatus(result.get())) == "COMMIT") return {};
  return fail(ErrorCode::internal, "A transaction went on after a statement had failed.");
}

namespace {

// False: it is of a type that the port does not know.
bool read_value(const PGresult* result, int row, int column, Value& value) {
  const std::string_view text(PQgetvalue(result, row, column),
                              static_cast<std::size_t>(PQgetlength(result, row, column)));
  switch (PQftype(result, column)) {
    case kInt2:
    case kInt4:
    case kInt8: {
      std::int64_t number = 0;
      std::from_chars(text.data(), text.data() + text.size(), number);
      value = number;
      return true;
    }
    case kBool: value = std::int64_t{text == "t"}; return true;
    case kText:
    case kVarchar:
    case kBpchar:
    case kName:
    case kUnknown: value = std::string(text); return true;
    default: return false;
  }
}

}  // namespace

Result<Rows> Connection::rows_of(const PGresult* result) {
  Rows out;
  const int rows = PQntuples(result), columns = PQnfields(result);
  out.rows.reserve(static_cast<std::size_t>(rows));
  for (int r = 0; r < rows; ++r) {
    Values values(static_cast<std::size_t>(columns));
    for (int c = 0; c < columns; ++c)
      if (!PQgetisnull(result, r, c) &&
          !read_value(result, r, c, values[static_cast<std::size_t>(c)]))
        return fail(ErrorCode::internal, std::string("The database's column ") +
                                             PQfname(result, c) +
                                             " is neither an integer nor a text.");
    out.rows.emplace_back(std::move(values));
  }
  PGresult* told = const_cast<PGresult*>(result);  // libpq's two functions lack the const
  // CREATE TABLE AS says SELECT, too.
  const bool selected = PQresultStatus(result) == PGRES_TUPLES_OK &&
                        std::string_view(PQcmdStatus(told)).starts_with("SELECT");
  if (!selected) out.changed = std::strtoll(PQcmdTuples(told), nullptr, 10);
  return out;
}

}  // namespace cad::store::postgres
