// SPDX-License-Identifier: Apache-2.0
// Compact JSON, written front to back into a buffer that drains to a part of a PartSink, or that
// grows when there is none. Commas are the writer's business; balance is the caller's.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include "base/parts.hpp"
#include "base/vec.hpp"
#include "json/number.hpp"

namespace cad::json {

class Writer {
 public:
  Writer() = default;  // into memory: view()
  Writer(PartSink& sink, PartKind kind) : sink_(&sink), kind_(kind) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }

  // A key that needs no escaping: a literal of ours.
  template <std::size_t N>
  void key(const char (&name)[N]) {
    char* out = room(N + 4);
    if (comma_) *out++ = ',';
    *out++ = '"';
    std::memcpy(out, name, N - 1);
    out += N - 1;
    *out++ = '"';
    *out++ = ':';
    end_ = out;
    comma_ = false;
  }
  void key_text(std::string_view name) {  // any string
    text(name);
    *room(1) = ':';
    ++end_;
    comma_ = false;
  }

  void null() { plain("null"); }
  void boolean(bool value) { value ? plain("true") : plain("false"); }
  void integer(std::int64_t value) {
    char* out = room(kNumberBytes + 1);
    if (comma_) *out++ = ',';
    end_ = print_integer(out, value);
    comma_ = true;
  }
  // Not finite: null.
  void number(double value) {
    if (!std::isfinite(value)) return null();
    char* out = room(kNumberBytes + 1);
    if (comma_) *out++ = ',';
    end_ = print_double(out, value);
    comma_ = true;
  }
  void rounded(double value) {
    if (!std::isfinite(value)) return null();
    char* out = room(kNumberBytes + 1);
    if (comma_) *out++ = ',';
    end_ = print_rounded(out, value);
    comma_ = true;
  }
  void hex(std::uint64_t value) {  // "2F"
    char* out = room(kNumberBytes + 1);
    if (comma_) *out++ = ',';
    *out++ = '"';
    out = print_hex(out, value);
    *out++ = '"';
    end_ = out;
    comma_ = true;
  }
  // Whatever the bytes are, valid JSON: control characters escaped, every maximal piece that is not
  // UTF-8 (lone surrogates included) becomes U+FFFD.
  void text(std::string_view value);

  // A string of ours that needs no escaping, without its quotes.
  void plain_text(std::string_view value) {
    char* out = room(value.size() + 3);
    if (comma_) *out++ = ',';
    *out++ = '"';
    out = copy(out, value);
    *out++ = '"';
    end_ = out;
    comma_ = true;
  }

  // JSON text made before. `raw` brings its own commas at its front; the next value gets one
  // according to `then_comma`.
  void raw(std::string_view fragment, bool then_comma) {
    end_ = copy(room(fragment.size()), fragment);
    comma_ = then_comma;
  }

  template <std::size_t N>
  void field(const char (&name)[N], double value) {
    key(name);
    number(value);
  }
  template <std::size_t N>
  void field(const char (&name)[N], std::string_view value) {
    key(name);
    text(value);
  }
  template <std::size_t N>
  void flag(const char (&name)[N], bool value) {
    key(name);
    boolean(value);
  }
  template <std::size_t N>
  void count(const char (&name)[N], std::uint64_t value) {
    key(name);
    integer(static_cast<std::int64_t>(value));
  }
  template <std::size_t N>
  void null_field(const char (&name)[N]) {
    key(name);
    null();
  }

  // Bytes written so far: the place of the next one in the part.
  std::uint64_t offset() const { return drained_ + size(); }
  // Makes the next value start here, so that offset() is its first byte.
  void settle_comma() {
    if (comma_) *room(1) = ',', ++end_;
    comma_ = false;
  }
  std::size_t size() const { return static_cast<std::size_t>(end_ - buffer_.get()); }
  // What memory holds: all of it when there is no sink.
  std::string_view view() const { return {buffer_.get(), size()}; }
  void clear() {
    end_ = buffer_.get();
    comma_ = false;
  }

  // The first error of the sink; nothing is written after it.
  bool failed() const { return error_.has_value(); }
  Result<void> finish();

 private:
  char* room(std::size_t bytes) {
    if (static_cast<std::size_t>(limit_ - end_) < bytes) make_room(bytes);
    return end_;
  }
  void make_room(std::size_t bytes);
  void drain();
  static char* copy(char* out, std::string_view bytes) {
    if (!bytes.empty()) std::memcpy(out, bytes.data(), bytes.size());
    return out + bytes.size();
  }
  void open(char c) {
    char* out = room(2);
    if (comma_) *out++ = ',';
    *out++ = c;
    end_ = out;
    comma_ = false;
  }
  void close(char c) {
    *room(1) = c;
    ++end_;
    comma_ = true;
  }
  template <std::size_t N>
  void plain(const char (&literal)[N]) {
    char* out = room(N);
    if (comma_) *out++ = ',';
    std::memcpy(out, literal, N - 1);
    end_ = out + N - 1;
    comma_ = true;
  }
  std::size_t write_special(std::string_view rest);

  PartSink* sink_ = nullptr;
  PartKind kind_ = PartKind::result;
  std::unique_ptr<char[]> buffer_;
  char* end_ = nullptr;
  char* limit_ = nullptr;
  std::uint64_t drained_ = 0;
  bool comma_ = false;
  std::optional<Error> error_;
};

// {"x":..,"y":..} with "z" only where it is not 0.
void write_point(Writer& w, Vec3 p);
inline void write_point(Writer& w, Vec2 p) { write_point(w, Vec3{p.x, p.y, 0}); }
template <std::size_t N>
void point_field(Writer& w, const char (&name)[N], Vec3 p) {
  w.key(name);
  write_point(w, p);
}

}  // namespace cad::json
