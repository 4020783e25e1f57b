// SPDX-License-Identifier: Apache-2.0
#include "redis/resp.hpp"

#include <algorithm>
#include <charconv>

namespace cad::redis {
namespace {

constexpr std::string_view kEnd = "\r\n";

tl::unexpected<Error> broken(std::string_view what) {
  return fail(ErrorCode::integrity, "Redis sent " + std::string(what) + ".");
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

void encode(const Command& command, std::string& out) {
  out += "*" + std::to_string(command.size());
  out += kEnd;
  for (const std::string& word : command) {
    out += "$" + std::to_string(word.size());
    out += kEnd;
    out += word;
    out += kEnd;
  }
}

struct Parser::Cursor {
  std::string_view bytes;    // of the reply, as far as they are there
  std::size_t position = 0;  // how much of them is read
  std::size_t elements = 0;
};

Result<std::optional<Reply>> Parser::next() {
  if (buffer_.size() - start_ < std::max<std::size_t>(wanted_, 1)) return std::optional<Reply>();
  Cursor at{std::string_view(buffer_).substr(start_)};
  Reply reply;
  CAD_ASSIGN(const bool complete, read(at, reply, 0));
  if (!complete) {
    if (at.bytes.size() > limits_.bytes) return broken("a reply that is too long");
    return std::optional<Reply>();
  }
  wanted_ = 0;
  start_ += at.position;
  // What is read goes when it is much, so that a pipeline's replies are not moved one by one.
  if (start_ == buffer_.size() || start_ > (64u << 10)) {
    buffer_.erase(0, start_);
    start_ = 0;
  }
  return std::optional<Reply>(std::move(reply));
}

// False: more bytes are needed.
Result<bool> Parser::read(Cursor& at, Reply& reply, int depth) {
  if (depth > limits_.depth) return broken("a reply that is nested too deeply");
  if (++at.elements > limits_.elements) return broken("a reply of too many elements");
  const auto end = at.bytes.find(kEnd, at.position);
  if (end == at.bytes.npos) return false;
  const std::string_view line = at.bytes.substr(at.position, end - at.position);
  if (line.empty()) return broken("an empty line where a reply should be");
  at.position = end + kEnd.size();
  const std::string_view rest = line.substr(1);
  if (line.front() == '+' || line.front() == '-') {
    reply.kind = line.front() == '+' ? Reply::Kind::text : Reply::Kind::error;
    reply.text = rest;
    return true;
  }
  const auto value = number(rest);
  if (!value) return broken("a reply without its number");
  switch (line.front()) {
    case ':':
      reply.kind = Reply::Kind::integer;
      reply.integer = *value;
      return true;
    case '$': return read_bulk(at, *value, reply);
    case '*': return read_array(at, *value, reply, depth);
    default: return broken("a reply of a kind that RESP2 does not have");
  }
}

Result<bool> Parser::read_bulk(Cursor& at, std::int64_t size, Reply& reply) {
  if (size == -1) return true;
  if (size < 0 || static_cast<std::uint64_t>(size) > limits_.bytes)
    return broken("a text that is too long");
  const auto length = static_cast<std::size_t>(size);
  const std::size_t need = at.position + length + kEnd.size();
  if (at.bytes.size() < need) {
    wanted_ = need;
    return false;
  }
  if (at.bytes.substr(at.position + length, kEnd.size()) != kEnd)
    return broken("a text that does not end where it should");
  reply.kind = Reply::Kind::text;
  reply.text = at.bytes.substr(at.position, length);
  at.position = need;
  return true;
}

Result<bool> Parser::read_array(Cursor& at, std::int64_t count, Reply& reply, int depth) {
  if (count == -1) return true;
  if (count < 0 || static_cast<std::uint64_t>(count) > limits_.elements)
    return broken("an array that is too long");
  reply.kind = Reply::Kind::array;
  for (std::int64_t i = 0; i < count; ++i) {
    CAD_ASSIGN(const bool complete, read(at, reply.items.emplace_back(), depth + 1));
    if (!complete) return false;
  }
  return true;
}

}  // namespace cad::redis
