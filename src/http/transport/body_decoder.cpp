// SPDX-License-Identifier: Apache-2.0
#include "http/transport/body_decoder.hpp"

#include <algorithm>
#include <cstring>

#include "base/hex.hpp"

namespace cad::http {
namespace {

tl::unexpected<Error> malformed() {
  return fail(ErrorCode::invalid_argument, "The chunked body is malformed.");
}

bool is_control(char c) {
  const auto u = static_cast<unsigned char>(c);
  return (u < 0x20 && c != '\t') || u == 0x7f;
}

}  // namespace

BodyDecoder::BodyDecoder(const RequestHead& head, ChunkLimits limits) : limits_(limits) {
  state_ = State::done;
  if (head.chunked) state_ = State::size;
  if (head.length && *head.length > 0) {
    state_ = State::plain;
    left_ = *head.length;
  }
}

void BodyDecoder::skip(std::uint64_t count) {
  left_ -= count;
  if (left_ == 0) state_ = state_ == State::plain ? State::done : State::data_cr;
}

Result<BodyDecoder::Step> BodyDecoder::decode(std::string_view in, std::span<std::byte> out) {
  Step step;
  while (step.used < in.size() && state_ != State::done) {
    if (state_ != State::plain && state_ != State::data) {
      CAD_TRY(line_byte(in[step.used++]));
      continue;
    }
    const std::size_t count = static_cast<std::size_t>(
        std::min<std::uint64_t>(left_, std::min(in.size() - step.used, out.size() - step.made)));
    if (count == 0) break;  // the output is full
    std::memcpy(out.data() + step.made, in.data() + step.used, count);
    step.used += count;
    step.made += count;
    skip(count);
  }
  return step;
}

Result<void> BodyDecoder::line_byte(char c) {
  switch (state_) {
    case State::size: return size_byte(c);
    case State::extension: return extension_byte(c);
    case State::size_end:
      if (c != '\n') return malformed();
      state_ = left_ == 0 ? State::trailer : State::data;
      digits_ = line_ = 0;
      return {};
    case State::data_cr:
      if (c != '\r') return malformed();
      state_ = State::data_lf;
      return {};
    case State::data_lf:
      if (c != '\n') return malformed();
      state_ = State::size;
      return {};
    case State::trailer:
    case State::trailer_lf: return trailer_byte(c);
    case State::plain:
    case State::data:
    case State::done: break;
  }
  return {};
}

Result<void> BodyDecoder::size_byte(char c) {
  constexpr std::size_t kMaxDigits = 15;  // of 16: no overflow, here or in another program
  if (const int digit = hex_digit(c); digit >= 0) {
    if (++digits_ > kMaxDigits) return malformed();
    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
    return {};
  }
  if (digits_ == 0) return malformed();
  if (c == '\r') {
    state_ = State::size_end;
  } else if (c == ';') {
    state_ = State::extension;
  } else {
    return malformed();
  }
  return {};
}

Result<void> BodyDecoder::extension_byte(char c) {
  if (c == '\r') {
    state_ = State::size_end;
    return {};
  }
  if (is_control(c)) return malformed();
  if (++line_ > limits_.max_line || ++extensions_ > limits_.max_extensions)
    return fail(ErrorCode::limit_exceeded, "The body's chunk extensions are too large.");
  return {};
}

Result<void> BodyDecoder::trailer_byte(char c) {
  if (state_ == State::trailer_lf) {
    if (c != '\n') return malformed();
    state_ = line_ == 0 ? State::done : State::trailer;
    line_ = 0;
    return {};
  }
  if (c == '\r') {
    state_ = State::trailer_lf;
    return {};
  }
  if (is_control(c)) return malformed();
  ++line_;
  if (++trailers_ > limits_.max_trailers)
    return fail(ErrorCode::limit_exceeded, "The body's trailers are too large.");
  return {};
}

}  // namespace cad::http
