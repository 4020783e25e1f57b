// SPDX-License-Identifier: Apache-2.0
// SQLite behind the port: one connection writes, a few read beside it (write-ahead log).
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <unordered_map>

#include "store/database.hpp"
#include "store/texts.hpp"

namespace cad::store {
namespace {

constexpr int kReaders = 4;
constexpr int kBusyTimeoutMs = 5000;

Error to_error(sqlite3* handle, int code) {
  const std::string detail = sqlite3_errmsg(handle);
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT: return {ErrorCode::conflict, "The database refused the row: " + detail};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_NOMEM: return {ErrorCode::unavailable, "The database is not available: " + detail};
    default: return {ErrorCode::internal, "The database failed: " + detail};
  }
}

struct CloseStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, CloseStatement>;

Values read_row(sqlite3_stmt* statement) {
  const int columns = sqlite3_column_count(statement);
  Values values(static_cast<std::size_t>(columns));
  for (int i = 0; i < columns; ++i) {
    Value& value = values[static_cast<std::size_t>(i)];
    switch (sqlite3_column_type(statement, i)) {
      case SQLITE_INTEGER: value = std::int64_t{sqlite3_column_int64(statement, i)}; break;
      case SQLITE_NULL: break;
      default: {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
        value = std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, i)));
      }
    }
  }
  return values;
}

class Connection : public Session {
 public:
  static Result<std::unique_ptr<Connection>> open(const std::string& path) {
    auto connection = std::make_unique<Connection>();
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(path.c_str(), &connection->handle_, flags, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(to_error(connection->handle_, code));
    sqlite3_extended_result_codes(connection->handle_, 1);
    sqlite3_busy_timeout(connection->handle_, kBusyTimeoutMs);
    for (const char* pragma :
         {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON",
          "PRAGMA temp_store=MEMORY", "PRAGMA secure_delete=ON", "PRAGMA cache_size=-2048"}) {
      CAD_TRY(connection->run(pragma, {}));
    }
    return connection;
  }

  ~Connection() override {
    statements_.clear();
    sqlite3_close_v2(handle_);
  }

  // Of the transactions that begin now. The pragma works when it is prepared: it is not kept.
  Result<void> flush_commits(bool yes) {
    if (yes == flushes_) return {};
    const int code =
        sqlite3_exec(handle_, yes ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL",
                     nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(to_error(handle_, code));
    flushes_ = yes;
    return {};
  }

  Result<Rows> run(std::string_view sql, const Values& values) override {
    CAD_TRY(check_texts(values));
    CAD_ASSIGN(sqlite3_stmt * statement, prepared(sql));
    auto rows = step_all(statement, values);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rows;
  }

 private:
  Result<sqlite3_stmt*> prepared(std::string_view sql) {
    std::string key(sql);
    if (const auto found = statements_.find(key); found != statements_.end())
      return found->second.get();
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(to_error(handle_, code));
    statements_.emplace(std::move(key), Statement(raw));
    return raw;
  }

  Result<Rows> step_all(sqlite3_stmt* statement, const Values& values) {
    for (std::size_t i = 0; i < values.size(); ++i) CAD_TRY(bind(statement, i + 1, values[i]));
    Rows out;
    while (true) {
      const int code = sqlite3_step(statement);
      if (code == SQLITE_ROW) {
        out.rows.emplace_back(read_row(statement));
        continue;
      }
      if (code != SQLITE_DONE) return tl::unexpected(to_error(handle_, code));
      out.changed = sqlite3_changes64(handle_);
      return out;
    }
  }

  // SQLite takes $1 for a name and numbers names as they come: so each is looked up by name.
  Result<void> bind(sqlite3_stmt* statement, std::size_t number, const Value& value) {
    const std::string name = "$" + std::to_string(number);
    const int index = sqlite3_bind_parameter_index(statement, name.c_str());
    if (index == 0) return fail(ErrorCode::internal, "The statement has no parameter " + name);
    int code = SQLITE_OK;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      code = sqlite3_bind_int64(statement, index, *integer);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      code = sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_TRANSIENT,
                                 SQLITE_UTF8);
    } else {
      code = sqlite3_bind_null(statement, index);
    }
    if (code != SQLITE_OK) return tl::unexpected(to_error(handle_, code));
    return {};
  }

  sqlite3* handle_ = nullptr;
  bool flushes_ = true;
  std::unordered_map<std::string, Statement> statements_;
};

class SqliteDatabase : public Database {
 public:
  explicit SqliteDatabase(std::unique_ptr<Connection> writer) : writer_(std::move(writer)) {}

  Result<void> add_readers(const std::string& path) {
    for (int i = 0; i < kReaders; ++i) {
      CAD_ASSIGN(auto reader, Connection::open(path));
      CAD_TRY(reader->run("PRAGMA query_only=ON", {}));
      readers_.push_back(std::move(reader));
    }
    return {};
  }

  Dialect dialect() const override { return Dialect::sqlite; }

  Result<Rows> read(std::string_view sql, const Values& values) override {
    const auto reader = borrow_reader();
    return reader->run(sql, values);
  }

  Result<Rows> write(std::string_view sql, const Values& values) override {
    const std::lock_guard lock(writing_);
    CAD_TRY(writer_->flush_commits(true));
    return writer_->run(sql, values);
  }

  Result<void> transaction(const std::function<Result<void>(Session&)>& body) override {
    const std::lock_guard lock(writing_);
    CAD_TRY(writer_->flush_commits(true));
    return within(*writer_, "BEGIN IMMEDIATE", body);
  }

  // A lease: who holds it is gone after a power cut.
  Result<void> transaction_for_now(const std::function<Result<void>(Session&)>& body) override {
    const std::lock_guard lock(writing_);
    CAD_TRY(writer_->flush_commits(false));
    return within(*writer_, "BEGIN IMMEDIATE", body);
  }

  Result<void> exclusively(const std::function<Result<void>(Session&)>& body) override {
    return transaction(body);
  }

  Result<void> snapshot(const std::function<Result<void>(Session&)>& body) override {
    const auto reader = borrow_reader();
    return within(*reader, "BEGIN", body);
  }

 private:
  static Result<void> within(Connection& connection, std::string_view begin,
                             const std::function<Result<void>(Session&)>& body) {
    CAD_TRY(connection.run(begin, {}));
    Result<void> done;
    try {
      done = body(connection);
    } catch (...) {  // out of memory: the next one must not find itself in this transaction
      (void)connection.run("ROLLBACK", {});
      throw;
    }
    if (done) {
      if (auto committed = connection.run("COMMIT", {}); !committed)
        done = tl::unexpected(committed.error());
    }
    if (!done) (void)connection.run("ROLLBACK", {});
    return done;
  }

  struct GiveBack {
    SqliteDatabase* to;
    void operator()(Connection* reader) const {
      to->give_back(std::unique_ptr<Connection>(reader));
    }
  };
  std::unique_ptr<Connection, GiveBack> borrow_reader() {
    return {take_reader().release(), GiveBack{this}};
  }

  std::unique_ptr<Connection> take_reader() {
    std::unique_lock lock(reading_);
    free_.wait(lock, [this] { return !readers_.empty(); });
    auto reader = std::move(readers_.back());
    readers_.pop_back();
    return reader;
  }

  void give_back(std::unique_ptr<Connection> reader) {
    {
      const std::lock_guard lock(reading_);
      readers_.push_back(std::move(reader));
    }
    free_.notify_one();
  }

  std::mutex writing_;
  std::unique_ptr<Connection> writer_;
  std::mutex reading_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<Connection>> readers_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(const std::string& path) {
  // SQLite would create the file readable by all that the umask lets in; its log files follow it.
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return fail(ErrorCode::io, "The database file " + path + " cannot be opened.");
  ::close(fd);
  CAD_ASSIGN(auto writer, Connection::open(path));
  auto database = std::make_unique<SqliteDatabase>(std::move(writer));
  CAD_TRY(database->add_readers(path));
  return database;
}

}  // namespace cad::store
