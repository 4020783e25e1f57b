// SPDX-License-Identifier: Apache-2.0
// What is inside a backup (version 1; integers little endian): entries, one after the other, each
//
//   kind (u8), length of the name (u16), name, blocks
//   a block: plain length (u32, at most 256 KiB), stored length (u32), the stored bytes: deflated
//   (zlib) when shorter than the plain ones, else as they are; a plain length of 0 ends the entry
//
// An entry of kind `end` has neither name nor blocks and is the last.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backup/sealed_file.hpp"
#include "base/result.hpp"

namespace cad::backup {

enum class EntryKind : std::uint8_t {
  end = 0,
  about = 1,        // lines of "name=value"
  database = 2,     // the SQLite file
  object = 3,       // as stored, under its envelope; its key is the name
  missing = 4,      // an object that was removed while the backup was made; no content
  master_keys = 5,  // the ring as text; only when asked for
  schema = 6,       // the version of the tables that follow, as text
  table = 7,        // its rows (backup/tables.hpp), by its name
};

// Fills the buffer; 0: the end.
using Source = std::function<Result<std::size_t>(std::span<std::byte>)>;
using Sink = std::function<Result<void>(std::span<const std::byte>)>;

class ArchiveWriter {
 public:
  explicit ArchiveWriter(SealedWriter& out) : out_(out) {}
  // `compress`: encrypted objects do not get any shorter.
  Result<void> add(EntryKind kind, std::string_view name, const Source& source, bool compress);
  Result<void> add_text(EntryKind kind, std::string_view name, std::string_view text);
  Result<void> end();

 private:
  Result<void> start(EntryKind kind, std::string_view name);
  Result<void> block(std::span<const std::byte> plain, bool compress);

  SealedWriter& out_;
  std::vector<std::byte> packed_;
};

struct Entry {
  EntryKind kind = EntryKind::end;
  std::string name;
};

class ArchiveReader {
 public:
  explicit ArchiveReader(SealedReader& in) : in_(in) {}
  // The next entry; after `end` the file must end. Its content must be read before the next one.
  Result<Entry> next();
  Result<void> content(const Sink& sink);
  Result<std::string> text(std::size_t most);

 private:
  SealedReader& in_;
  std::vector<std::byte> plain_, packed_;
};

}  // namespace cad::backup
