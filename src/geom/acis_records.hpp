// SPDX-License-Identifier: Apache-2.0
// ACIS boundary data as records of tokens: the text form (SAT) and the binary form (SAB), as they
// stand in DXF and DWG files. A record is a name, then values; records refer to each other by their
// number. What the values mean is acis_edges.hpp's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace cad::acis {

struct Token {
  enum class Kind : std::uint8_t { number, reference, word, open, close };
  Kind kind = Kind::word;
  double number = 0;
  std::int64_t reference = -1;
  std::string_view word;  // booleans of the binary form: "forward" (false), "reversed" (true)
};

// "straight-curve": leaf "straight", base "curve"; "edge": both "edge".
struct Record {
  std::string_view leaf, base;
  std::string_view body;  // what follows the name
};

struct Records {
  bool binary = false;
  bool wide = false;  // binary: integers and references of 8 bytes (ASM BinaryFile8)
  // As the first number says: 106 (AutoCAD R13, R14), 400, 700, 21800 ... Before 200 numbers stand
  // for what later are words: forward, reversed, open ...
  std::int64_t version = 0;
  bool has_words() const { return version >= 200; }
  std::vector<Record> all;
};

// At most `max_records`; data that stops making sense ends the list there.
Records split(std::string_view data, std::size_t max_records);

// The tokens of one record, in order.
class Cursor {
 public:
  Cursor(const Records& records, const Record& record)
      : rest_(record.body), binary_(records.binary), wide_(records.wide) {}
  bool next(Token& token);  // false at the end, and where the data makes no sense

 private:
  friend Records split(std::string_view data, std::size_t max_records);
  enum class Step : std::uint8_t { token, name_part, name_end, end_of_record, broken };
  Cursor(std::string_view data, bool binary, bool wide)
      : rest_(data), binary_(binary), wide_(wide) {}
  Step step(Token& token);
  Step step_text(Token& token);
  Step step_binary(Token& token);
  bool take(std::size_t bytes, std::string_view& out);
  std::uint64_t take_integer(std::size_t bytes, bool& ok);
  double take_real(bool& ok);
  bool take_text(std::size_t length_bytes, std::string_view& out);
  bool take_value(unsigned tag, Token& token);

  std::string_view rest_;
  bool binary_, wide_;
  std::array<double, 2> waiting_{};  // a position is three numbers
  int waiting_count_ = 0;
};

}  // namespace cad::acis
