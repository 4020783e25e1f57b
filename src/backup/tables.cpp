// SPDX-License-Identifier: Apache-2.0
#include "backup/tables.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "store/facts.hpp"
#include "store/migrations.hpp"

namespace cad::backup {
namespace {

constexpr std::int64_t kRowsAtOnce = 500;
constexpr std::size_t kValuesAtOnce = 1000;  // SQLite and PostgreSQL take 32,000
constexpr std::size_t kMostText = 64 * 1024 * 1024;
enum : char { kNull = 0, kInteger = 1, kText = 2 };

template <class T>
void put(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff));
}

void put_row(std::string& out, const store::Row& row, std::size_t columns) {
  for (std::size_t column = 0; column < columns; ++column) {
    if (const auto number = row.maybe_integer(column)) {
      out.push_back(kInteger);
      put(out, *number);
    } else if (const auto text = row.maybe_text(column)) {
      out.push_back(kText);
      put(out, static_cast<std::uint32_t>(text->size()));
      out += *text;
    } else {
      out.push_back(kNull);
    }
  }
}

store::Values values_of(const store::Row& row, std::size_t columns) {
  store::Values values;
  for (std::size_t column = 0; column < columns; ++column) {
    if (const auto number = row.maybe_integer(column))
      values.emplace_back(*number);
    else
      values.push_back(store::nullable(row.maybe_text(column)));
  }
  return values;
}

// A table's content, page by page.
class TableSource {
 public:
  TableSource(store::Session& session, const store::TableShape& table)
      : session_(session), table_(table) {
    put(buffer_, static_cast<std::uint16_t>(table.columns.size()));
    for (const std::string& name : table.columns) {
      put(buffer_, static_cast<std::uint8_t>(name.size()));
      buffer_ += name;
    }
  }

  Result<std::size_t> fill(std::span<std::byte> into) {
    while (used_ == buffer_.size() && !ended_) CAD_TRY(next_page());
    const std::size_t count = std::min(into.size(), buffer_.size() - used_);
    if (count > 0) std::memcpy(into.data(), buffer_.data() + used_, count);
    used_ += count;
    bytes_ += count;
    return count;
  }
  std::uint64_t bytes() const { return bytes_; }

 private:
  Result<void> next_page() {
    CAD_ASSIGN(const store::Rows page, store::rows_after(session_, table_, after_, kRowsAtOnce));
    buffer_.clear();
    used_ = 0;
    for (const store::Row& row : page.rows) put_row(buffer_, row, table_.columns.size());
    ended_ = static_cast<std::int64_t>(page.rows.size()) < kRowsAtOnce;
    if (!page.rows.empty()) after_ = values_of(page.rows.back(), table_.columns.size());
    return {};
  }

  store::Session& session_;
  const store::TableShape& table_;
  store::Values after_;
  std::string buffer_;
  std::size_t used_ = 0;
  std::uint64_t bytes_ = 0;
  bool ended_ = false;
};

tl::unexpected<Error> malformed() {
  return fail(ErrorCode::integrity, "A table in the backup is not laid out as this version does.");
}

// Takes a table's content apart, as it comes in blocks.
class RowReader {
 public:
  using OnColumns = std::function<Result<void>(const std::vector<std::string>&)>;
  using OnRow = std::function<Result<void>(store::Values)>;
  RowReader(OnColumns on_columns, OnRow on_row)
      : on_columns_(std::move(on_columns)), on_row_(std::move(on_row)) {}

  Result<void> take(std::span<const std::byte> bytes) {
    pending_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    total_ += bytes.size();
    while (true) {
      at_ = 0;
      short_ = false;
      auto done = columns_ == 0 ? read_columns() : read_row();
      if (!done) return done;
      if (short_) break;
      start_ += at_;
      if (start_ == pending_.size()) break;
    }
    pending_.erase(0, start_);
    start_ = 0;
    if (pending_.size() > kMostText * 2) return malformed();
    return {};
  }
  Result<std::uint64_t> end() const {
    if (columns_ == 0 || !pending_.empty()) return malformed();
    return total_;
  }

 private:
  // From the part that is not used yet; when it is too short for that, sets short_.
  std::string_view next(std::size_t count) {
    if (short_ || pending_.size() - start_ - at_ < count) {
      short_ = true;
      return {};
    }
    const std::string_view out = std::string_view(pending_).substr(start_ + at_, count);
    at_ += count;
    return out;
  }
  template <class T>
  T number() {
    std::uint64_t value = 0;
    const std::string_view bytes = next(sizeof(T));
    for (std::size_t i = 0; i < bytes.size(); ++i)
      value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return static_cast<T>(value);
  }

  Result<void> read_columns() {
    const auto count = number<std::uint16_t>();
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count && !short_; ++i) {
      const auto size = number<std::uint8_t>();
      names.emplace_back(next(size));
    }
    if (short_) return {};
    if (count == 0) return malformed();
    columns_ = count;
    return on_columns_(names);
  }

  Result<void> read_row() {
    store::Values row;
    for (std::size_t i = 0; i < columns_ && !short_; ++i) {
      const std::string_view kind = next(1);
      if (kind.empty()) break;
      if (kind[0] == kNull) {
        row.emplace_back();
      } else if (kind[0] == kInteger) {
        row.emplace_back(number<std::int64_t>());
      } else if (kind[0] == kText) {
        const auto size = number<std::uint32_t>();
        if (size > kMostText) return malformed();
        row.emplace_back(std::string(next(size)));
      } else {
        return malformed();
      }
    }
    return short_ ? Result<void>() : on_row_(std::move(row));
  }

  OnColumns on_columns_;
  OnRow on_row_;
  std::string pending_;
  std::size_t start_ = 0, at_ = 0, columns_ = 0;
  std::uint64_t total_ = 0;
  bool short_ = false;
};

}  // namespace

Result<std::uint64_t> add_tables(ArchiveWriter& archive, store::Session& session,
                                 store::Dialect dialect) {
  CAD_ASSIGN(const std::int64_t version, store::schema_version(session));
  if (version > store::newest_version())
    return fail(ErrorCode::conflict,
                "The database is of a newer version of CADLens; back it up with that one.");
  CAD_TRY(archive.add_text(EntryKind::schema, "", std::to_string(version)));
  CAD_ASSIGN(const auto tables, store::table_shapes(session, dialect));
  std::uint64_t bytes = 0;
  for (const store::TableShape& table : tables) {
    TableSource source(session, table);
    CAD_TRY(archive.add(
        EntryKind::table, table.name, [&](std::span<std::byte> into) { return source.fill(into); },
        true));
    bytes += source.bytes();
  }
  return bytes;
}

Result<void> TableLoader::begin(std::int64_t version) {
  CAD_ASSIGN(const bool empty, store::is_empty(session_, dialect_));
  if (!empty) return fail(ErrorCode::conflict, "A backup is restored into an empty database only.");
  if (version < 1 || version > store::newest_version())
    return fail(ErrorCode::conflict,
                "The backup was written by a newer version of CADLens; restore it with that one.");
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  CAD_TRY(store::migrate_within(session_, dialect_, version, now));
  CAD_ASSIGN(auto shapes, store::table_shapes(session_, dialect_));
  for (store::TableShape& shape : shapes) shapes_[shape.name] = std::move(shape);
  return {};
}

Result<std::uint64_t> TableLoader::load(ArchiveReader& archive, const std::string& table) {
  const auto known = shapes_.find(table);
  if (known == shapes_.end()) return malformed();
  store::TableShape shape = known->second;
  store::Values waiting;
  const auto insert = [&]() -> Result<void> {
    if (waiting.empty()) return {};
    CAD_TRY(store::insert_rows(session_, shape, waiting));
    waiting.clear();
    return {};
  };
  RowReader reader(
      [&](const std::vector<std::string>& columns) -> Result<void> {
        for (const std::string& column : columns)
          if (std::find(shape.columns.begin(), shape.columns.end(), column) == shape.columns.end())
            return malformed();
        shape.columns = columns;
        return {};
      },
      [&](store::Values row) -> Result<void> {
        waiting.insert(waiting.end(), std::make_move_iterator(row.begin()),
                       std::make_move_iterator(row.end()));
        return waiting.size() < kValuesAtOnce ? Result<void>() : insert();
      });
  CAD_TRY(archive.content([&](std::span<const std::byte> bytes) { return reader.take(bytes); }));
  CAD_TRY(insert());
  return reader.end();
}

Result<void> TableLoader::finish() {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  CAD_TRY(store::migrate_within(session_, dialect_, store::newest_version(), now));
  // The objects may go to another store, which has no mark yet (app/same_store.hpp).
  CAD_TRY(session_.run("DELETE FROM facts WHERE name = $1", {std::string(store::kStoreMarked)}));
  return {};
}

Result<std::uint64_t> check_table(ArchiveReader& archive) {
  RowReader reader([](const auto&) { return Result<void>(); },
                   [](store::Values) { return Result<void>(); });
  CAD_TRY(archive.content([&](std::span<const std::byte> bytes) { return reader.take(bytes); }));
  return reader.end();
}

}  // namespace cad::backup
