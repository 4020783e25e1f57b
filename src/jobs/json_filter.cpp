// SPDX-License-Identifier: Apache-2.0
#include "jobs/json_filter.hpp"

namespace cad::jobs {

namespace {

// A name of ours is shorter; of a longer one no rule speaks.
constexpr std::size_t kMostName = 64;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

JsonFilter::JsonFilter(Rules rules, Start start)
    : rules_(std::move(rules)),
      state_(start == Start::array ? State::start : State::members),
      one_object_(start == Start::inside_object) {}

Result<void> JsonFilter::feed(std::string_view in, std::string& out) {
  std::size_t at = 0;
  while (at < in.size() && !ended()) {
    if (state_ == State::text || state_ == State::nested || state_ == State::scalar) {
      // The bulk of a drawing: from here to the end of the value, or of what there is.
      const std::size_t begin = at;
      while (at < in.size() && state_ != State::members) {
        if (state_ == State::scalar && (in[at] == ',' || in[at] == '}' || in[at] == ']')) {
          state_ = State::members;
          break;
        }
        scan(in[at++]);
      }
      if (copies_) out.append(in.substr(begin, at - begin));
      position_ += at - begin;
      continue;
    }
    if (!step(in[at], out))
      return fail(ErrorCode::integrity, "The stored result is damaged: it is no JSON as written.");
    ++at;
    ++position_;
  }
  return {};
}

// One character of a value that nobody looks into.
void JsonFilter::scan(char c) {
  if (in_text_) {
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_text_ = false;
      if (state_ == State::text) state_ = State::members;
    }
    return;
  }
  if (state_ != State::nested) return;
  if (c == '"') {
    in_text_ = true;
  } else if (c == '{' || c == '[') {
    ++depth_;
  } else if ((c == '}' || c == ']') && --depth_ == 0) {
    state_ = State::members;
  }
}

bool JsonFilter::step(char c, std::string& out) {
  switch (state_) {
    case State::start:
      if (c == '[') state_ = State::between;
      return c == '[' || is_space(c);
    case State::between: return between(c, out);
    case State::members: return members(c, out);
    case State::name:
      if (c == '"' && !escaped_) {
        state_ = State::colon;
        return true;
      }
      escaped_ = c == '\\' && !escaped_;
      if (name_.size() <= kMostName) name_.push_back(c);
      return true;
    case State::colon:
      if (c == ':') state_ = State::value;
      return c == ':' || is_space(c);
    case State::value: return is_space(c) || begin_value(c, out);
    case State::text:
    case State::nested:
    case State::scalar:
    case State::ended: break;
  }
  return false;
}

bool JsonFilter::between(char c, std::string& out) {
  if (c == ']') {
    state_ = State::ended;
  } else if (c == '{') {
    if (!first_element_) out.push_back(',');
    out.push_back('{');
    first_element_ = false;
    first_member_ = true;
    state_ = State::members;
  } else if (c != ',' && !is_space(c)) {
    return false;
  }
  return true;
}

bool JsonFilter::members(char c, std::string& out) {
  if (c == '"') {
    name_.clear();
    escaped_ = false;
    state_ = State::name;
  } else if (c == '}') {
    if (flattened_) {
      flattened_ = false;
      object_.clear();
    } else if (one_object_) {
      state_ = State::ended;
    } else {
      out.push_back('}');
      state_ = State::between;
    }
  } else if (c != ',' && !is_space(c)) {
    return false;
  }
  return true;
}

bool JsonFilter::begin_value(char c, std::string& out) {
  if (c == ',' || c == ':' || c == '}' || c == ']') return false;
  const Verdict verdict = rules_({object_, name_, c, position_});
  if (verdict.action == Do::stop) {
    state_ = State::ended;
    return true;
  }
  if (verdict.action == Do::flatten && c == '{' && !flattened_) {
    flattened_ = true;
    object_ = name_;
    state_ = State::members;
    return true;
  }
  copies_ = verdict.action == Do::copy;
  if (copies_) {
    if (!first_member_) out.push_back(',');
    first_member_ = false;
    out.push_back('"');
    out.append(verdict.name);
    out.append("\":");
    out.push_back(c);
  }
  escaped_ = false;
  in_text_ = c == '"';
  depth_ = 1;
  const bool nested = c == '{' || c == '[';
  state_ = in_text_ ? State::text : nested ? State::nested : State::scalar;
  return true;
}

}  // namespace cad::jobs
