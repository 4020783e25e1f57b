// SPDX-License-Identifier: Apache-2.0
// Bytes that have come and are not used yet.
#pragma once

#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace cad::http::detail {

class InBuffer {
 public:
  std::string_view view() const { return {bytes_.data() + begin_, end_ - begin_}; }
  void consume(std::size_t count) {
    begin_ += count;
    if (begin_ != end_) return;
    begin_ = end_ = 0;
    if (bytes_.size() > kKept) bytes_ = {};
  }
  // Room for `count` more; commit() says how much of it was filled.
  std::span<char> room(std::size_t count) {
    if (bytes_.size() - end_ < count && begin_ > 0) {
      std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (bytes_.size() - end_ < count) bytes_.resize(end_ + count);
    return {bytes_.data() + end_, count};
  }
  void commit(std::size_t count) { end_ += count; }

 private:
  static constexpr std::size_t kKept = 20 * 1024;  // while a connection waits, maybe for long
  std::vector<char> bytes_;
  std::size_t begin_ = 0, end_ = 0;
};

}  // namespace cad::http::detail
