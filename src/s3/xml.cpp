// SPDX-License-Identifier: Apache-2.0
#include "s3/xml.hpp"

#include <charconv>
#include <optional>

namespace cad::s3 {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

tl::unexpected<Error> no_xml() {
  return fail(ErrorCode::unavailable,
              "The S3 server's answer is not what S3 answers; is the URL that of an S3 server?");
}

void append_utf8(std::string& out, unsigned code) {
  const auto put = [&out](unsigned byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

// What stands between & and ;
bool append_entity(std::string& out, std::string_view name) {
  constexpr std::pair<std::string_view, char> kNamed[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [known, c] : kNamed)
    if (name == known) {
      out.push_back(c);
      return true;
    }
  if (!name.starts_with('#')) return false;
  name.remove_prefix(1);
  const bool hex = name.starts_with('x');
  if (hex) name.remove_prefix(1);
  unsigned code = 0;
  const char* const end = name.data() + name.size();
  const auto [at, error] = std::from_chars(name.data(), end, code, hex ? 16 : 10);
  if (error != std::errc() || at != end || code == 0 || code > 0x10ffff ||
      (code >= 0xd800 && code < 0xe000))
    return false;
  append_utf8(out, code);
  return true;
}

bool append_text(std::string& out, std::string_view raw) {
  while (!raw.empty()) {
    const auto amp = raw.find('&');
    out += raw.substr(0, amp);
    if (amp == raw.npos) return true;
    raw.remove_prefix(amp + 1);
    const auto end = raw.find(';');
    if (end == raw.npos || !append_entity(out, raw.substr(0, end))) return false;
    raw.remove_prefix(end + 1);
  }
  return true;
}

// The name at the start of a tag's inside, without a prefix.
std::string_view name_of(std::string_view tag) {
  tag = tag.substr(0, tag.find_first_of(kSpace));
  const auto colon = tag.find(':');
  return colon == tag.npos ? tag : tag.substr(colon + 1);
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  Result<Element> run() {
    if (rest_.size() > kMostXmlBytes) return no_xml();
    while (true) {
      const auto open = rest_.find('<');
      const std::string_view before = rest_.substr(0, open);
      if (!take_text(before)) return no_xml();
      if (open == rest_.npos) break;
      rest_.remove_prefix(open + 1);
      if (!take_tag()) return no_xml();
    }
    if (!root_ || !stack_.empty()) return no_xml();
    return std::move(*root_);
  }

 private:
  bool take_text(std::string_view raw) {
    if (stack_.empty()) return raw.find_first_not_of(kSpace) == raw.npos;
    return append_text(stack_.back().text, raw);
  }

  // From behind the "<".
  bool take_tag() {
    if (rest_.starts_with("!--")) return skip_past("-->");
    if (rest_.starts_with("?")) return skip_past("?>");
    if (rest_.starts_with("!")) return false;
    const auto close = rest_.find('>');
    if (close == rest_.npos) return false;
    std::string_view tag = rest_.substr(0, close);
    rest_.remove_prefix(close + 1);
    if (tag.starts_with('/')) return end_element(name_of(tag.substr(1)));
    const bool empty = tag.ends_with('/');
    if (empty) tag.remove_suffix(1);
    const std::string_view name = name_of(tag);
    if (name.empty() || root_ || stack_.size() >= kMostXmlDepth || ++count_ > kMostXmlElements)
      return false;
    stack_.push_back({std::string(name), {}, {}});
    return !empty || end_element(name);
  }

  bool end_element(std::string_view name) {
    if (stack_.empty() || stack_.back().name != name) return false;
    Element done = std::move(stack_.back());
    stack_.pop_back();
    if (stack_.empty()) {
      root_ = std::move(done);
    } else {
      stack_.back().children.push_back(std::move(done));
    }
    return true;
  }

  bool skip_past(std::string_view end) {
    const auto at = rest_.find(end);
    if (at == rest_.npos) return false;
    rest_.remove_prefix(at + end.size());
    return true;
  }

  std::string_view rest_;
  std::vector<Element> stack_;  // open ones, the innermost last
  std::optional<Element> root_;
  std::size_t count_ = 0;
};

}  // namespace

std::string_view Element::value(std::string_view child) const {
  for (const Element& element : children)
    if (element.name == child) return element.text;
  return {};
}

Result<Element> parse_xml(std::string_view text) { return Reader(text).run(); }

std::string xml_escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out.push_back(c);
    }
  }
  return out;
}

}  // namespace cad::s3
