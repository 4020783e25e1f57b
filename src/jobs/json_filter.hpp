// SPDX-License-Identifier: Apache-2.0
// Rewrites an array of flat objects as it passes by, in pieces of any size: members are copied,
// renamed, left out, or replaced by their own members. Values are copied as they stand, so that
// numbers keep every digit and memory does not grow with what is rewritten.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cad::jobs {

class JsonFilter {
 public:
  enum class Do { skip, copy, flatten, stop };
  struct Verdict {
    Do action = Do::skip;
    std::string_view name = {};  // to copy it under
  };
  struct Member {
    std::string_view object;  // that is flattened; empty: the element itself
    std::string_view name;
    char first;            // character of its value: 'n' is null
    std::uint64_t offset;  // of that, in all that was fed
  };
  // flatten is for objects in the element alone; elsewhere, and for other values, it skips.
  using Rules = std::function<Verdict(const Member&)>;
  enum class Start { array, inside_object };

  explicit JsonFilter(Rules rules, Start start = Start::array);

  // Appends what becomes of `in`: the elements, with commas, without the array's brackets.
  // INTEGRITY: no JSON of that form. What comes after the end is ignored.
  Result<void> feed(std::string_view in, std::string& out);
  // The array's (or object's) end was seen, or a rule said stop.
  bool ended() const { return state_ == State::ended; }

 private:
  enum class State { start, between, members, name, colon, value, text, nested, scalar, ended };

  bool step(char c, std::string& out);
  bool between(char c, std::string& out);
  bool members(char c, std::string& out);
  bool begin_value(char c, std::string& out);
  void scan(char c);

  Rules rules_;
  State state_;
  bool one_object_;
  std::string name_, object_;
  bool flattened_ = false, first_element_ = true, first_member_ = true, copies_ = false;
  bool in_text_ = false, escaped_ = false;
  std::uint32_t depth_ = 0;
  std::uint64_t position_ = 0;
};

}  // namespace cad::jobs
