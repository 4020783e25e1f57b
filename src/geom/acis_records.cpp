// SPDX-License-Identifier: Apache-2.0
#include "geom/acis_records.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace cad::acis {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view next_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
  const std::size_t end = std::min(rest.find_first_of(kBlanks), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

bool parse(std::string_view word, double& value) {
  if (word.starts_with('+')) word.remove_prefix(1);
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc() && end == word.data() + word.size() && std::isfinite(value);
}

bool parse(std::string_view word, std::int64_t& value) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc() && end == word.data() + word.size();
}

Record named(std::string_view name) {
  Record record;
  record.leaf = name.substr(0, name.find('-'));
  record.base = name.substr(name.rfind('-') + 1);  // npos + 1: the whole name
  return record;
}

// A record of the text form: its name, then everything up to the "#" that stands alone. Counted
// strings, "@5 a # b", may hold one.
bool next_text_record(std::string_view& rest, Record& record) {
  std::string_view name = next_word(rest);
  std::int64_t index = 0;
  if (name.starts_with('-') && parse(name, index)) name = next_word(rest);  // "-12 edge ..."
  if (name.empty() || name == "End-of-ACIS-data" || name == "End-of-ASM-data") return false;
  record = named(name);
  const char* const begin = rest.data();
  while (true) {
    const std::string_view word = next_word(rest);
    if (word.empty()) return false;
    if (word == "#") {
      const auto length = static_cast<std::size_t>(rest.data() - begin) - 1;
      record.body = {begin, length};
      return true;
    }
    std::int64_t length = 0;
    if (word.starts_with('@') && parse(word.substr(1), length) && length >= 0)
      rest.remove_prefix(std::min(rest.size(), static_cast<std::size_t>(length) + 1));
  }
}

// Three header lines, in the oldest versions one; newer ones are followed by a record "asmheader",
// which is number 0.
void read_text_header(std::string_view& rest, Records& records) {
  std::string_view first = rest;
  parse(next_word(first), records.version);
  for (int line = 0; line < (records.has_words() ? 3 : 1); ++line)
    rest.remove_prefix(std::min(std::min(rest.find('\n'), rest.size() - 1) + 1, rest.size()));
}

}  // namespace

bool Cursor::take(std::size_t bytes, std::string_view& out) {
  if (bytes > rest_.size()) return false;
  out = rest_.substr(0, bytes);
  rest_.remove_prefix(bytes);
  return true;
}

std::uint64_t Cursor::take_integer(std::size_t bytes, bool& ok) {
  std::string_view raw;
  if (!take(bytes, raw)) {
    ok = false;
    return 0;
  }
  std::uint64_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(raw[i]);
  if (bytes < 8 && (value >> (8 * bytes - 1)) != 0) value |= ~std::uint64_t{0} << (8 * bytes);
  return value;
}

Cursor::Step Cursor::step_text(Token& token) {
  const std::string_view word = next_word(rest_);
  if (word.empty()) return Step::end_of_record;
  token = {};
  token.word = word;
  std::int64_t length = 0;
  if (word == "{") {
    token.kind = Token::Kind::open;
  } else if (word == "}") {
    token.kind = Token::Kind::close;
  } else if (word.starts_with('$') && parse(word.substr(1), token.reference)) {
    token.kind = Token::Kind::reference;
  } else if (parse(word, token.number)) {
    token.kind = Token::Kind::number;
  } else if (word.starts_with('@') && parse(word.substr(1), length) && length >= 0) {
    rest_.remove_prefix(std::min(rest_.size(), static_cast<std::size_t>(length) + 1));
  }
  return Step::token;
}

double Cursor::take_real(bool& ok) {
  const std::uint64_t bits = take_integer(8, ok);
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  ok = ok && std::isfinite(value);
  return value;
}

bool Cursor::take_text(std::size_t length_bytes, std::string_view& out) {
  bool ok = true;
  const std::uint64_t length = take_integer(length_bytes, ok);
  const std::uint64_t mask = (std::uint64_t{1} << 8 * length_bytes) - 1;
  return ok && take(static_cast<std::size_t>(length & mask), out);
}

// The value behind a tag that says what it is.
bool Cursor::take_value(unsigned tag, Token& token) {
  const std::size_t integer = wide_ ? 8 : 4;
  bool ok = true;
  switch (tag) {
    case 2:
    case 3:
    case 4:
      token.kind = Token::Kind::number;
      token.number = static_cast<double>(
          static_cast<std::int64_t>(take_integer(tag == 4 ? integer : tag - 1, ok)));
      return ok;
    case 6:
      token.kind = Token::Kind::number;
      token.number = take_real(ok);
      return ok;
    case 7:
    case 13:
    case 14: return take_text(1, token.word);
    case 8: return take_text(2, token.word);
    case 9:
    case 18: return take_text(4, token.word);
    case 10: token.word = "reversed"; return true;
    case 11: token.word = "forward"; return true;
    case 12:
      token.kind = Token::Kind::reference;
      token.reference = static_cast<std::int64_t>(take_integer(integer, ok));
      return ok;
    case 15: token.kind = Token::Kind::open; return true;
    case 16: token.kind = Token::Kind::close; return true;
    case 19:
    case 20:
      token.kind = Token::Kind::number;
      token.number = take_real(ok);
      waiting_ = {take_real(ok), take_real(ok)};
      waiting_count_ = 2;
      return ok;
    case 21: return take(integer, token.word);  // of an enumeration
    default: return false;
  }
}

Cursor::Step Cursor::step_binary(Token& token) {
  if (rest_.empty()) return Step::broken;
  const unsigned tag = static_cast<unsigned char>(rest_[0]);
  rest_.remove_prefix(1);
  token = {};
  if (tag == 17) return Step::end_of_record;
  if (!take_value(tag, token)) return Step::broken;
  if (tag == 13) return Step::name_end;
  return tag == 14 ? Step::name_part : Step::token;
}

Cursor::Step Cursor::step(Token& token) {
  if (waiting_count_ > 0) {
    token = {};
    token.kind = Token::Kind::number;
    token.number = waiting_[static_cast<std::size_t>(2 - waiting_count_)];
    --waiting_count_;
    return Step::token;
  }
  return binary_ ? step_binary(token) : step_text(token);
}

bool Cursor::next(Token& token) {
  const Step taken = step(token);
  return taken == Step::token || taken == Step::name_part || taken == Step::name_end;
}

Records split(std::string_view data, std::size_t max_records) {
  Records records;
  constexpr std::string_view kMarks[] = {"ACIS BinaryFile", "ASM BinaryFile4", "ASM BinaryFile8"};
  for (const std::string_view mark : kMarks) {
    if (!data.starts_with(mark)) continue;
    records.binary = true;
    records.wide = mark.back() == '8';
    data.remove_prefix(mark.size());
  }
  if (!records.binary) {
    read_text_header(data, records);
    Record record;
    while (records.all.size() < max_records && next_text_record(data, record))
      records.all.push_back(record);
    return records;
  }
  // Version, records, bodies and flags; then three strings and three numbers like any tokens.
  const std::size_t header = (records.wide ? 8 : 4) * 4;
  if (data.size() < header) return records;
  bool ok = true;
  records.version =
      static_cast<std::int64_t>(Cursor(data, true, records.wide).take_integer(header / 4, ok));
  data.remove_prefix(header);
  Cursor cursor(data, true, records.wide);
  Token token;
  Record record;
  bool has_name = false;
  std::size_t body = 0;
  while (records.all.size() < max_records) {
    const Cursor::Step step = cursor.step(token);
    const std::size_t at = data.size() - cursor.rest_.size();
    if (step == Cursor::Step::broken) break;
    if (!has_name && (step == Cursor::Step::name_part || step == Cursor::Step::name_end)) {
      if (record.leaf.empty()) record.leaf = token.word;
      record.base = token.word;
      has_name = step == Cursor::Step::name_end;
      body = at;
      if (record.leaf == "End") break;  // "End-of-ACIS-data"
    } else if (step == Cursor::Step::end_of_record) {
      record.body = data.substr(body, at - body - 1);
      if (has_name) records.all.push_back(record);
      record = {};
      has_name = false;
    }
  }
  return records;
}

}  // namespace cad::acis
