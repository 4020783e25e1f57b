// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "passwords/common_words.hpp"
#include "passwords/password.hpp"

namespace cad::passwords {

namespace {

// Keys that lie side by side, and the columns of "1qaz2wsx".
constexpr std::array<std::string_view, 20> kRows = {"01234567890",  "abcdefghijklmnopqrstuvwxyz",
                                                    "qwertyuiop[]", "asdfghjkl;'",
                                                    "zxcvbnm,./",   "qwertzuiop",
                                                    "yxcvbnm",      "azertyuiop",
                                                    "qsdfghjklm",   "!@#$%^&*()",
                                                    "1qaz",         "2wsx",
                                                    "3edc",         "4rfv",
                                                    "5tgb",         "6yhn",
                                                    "7ujm",         "8ik,",
                                                    "9ol.",         "0p;/"};

// A run shorter than this is chance.
constexpr std::size_t kShortestRun = 3;
constexpr std::size_t kLongestUnit = 4;
// So many characters behind a word ("monkey2024!") are what everybody adds.
constexpr std::size_t kLongestTail = 5;
constexpr std::size_t kShortestWord = 4;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// A copy of (a piece of) the password that is wiped with its scope. It only ever shrinks, so that
// it never moves.
struct Scratch {
  std::string text;
  explicit Scratch(std::string_view from) : text(from) {}
  ~Scratch() {
    text.resize(text.capacity());
    wipe_memory(std::as_writable_bytes(std::span(text)));
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
};

// How many characters from the start follow one another in a row, in one direction.
std::size_t run_in_row(std::string_view text, std::string_view row, int step) {
  std::size_t at = row.find(text.front());
  std::size_t length = 0;
  while (at < row.size() && length < text.size() && row[at] == text[length]) {
    ++length;
    at += static_cast<std::size_t>(step);  // from 0 downwards: past every row
  }
  return length;
}

std::size_t longest_run(std::string_view text) {
  std::size_t longest = std::min(text.find_first_not_of(text.front()), text.size());
  for (const std::string_view row : kRows)
    for (const int step : {1, -1}) longest = std::max(longest, run_in_row(text, row, step));
  return longest;
}

// "12345678", "qwerty123", "aaaabbbb", and nothing beside.
bool is_made_of_runs(std::string_view text) {
  while (!text.empty()) {
    const std::size_t run = longest_run(text);
    if (run < kShortestRun) return false;
    text.remove_prefix(run);
  }
  return true;
}

// "aaaaaaaa", "xyxyxyxy", "testtest".
bool is_one_unit_repeated(std::string_view text) {
  for (std::size_t unit = 1; unit <= kLongestUnit && unit * 2 <= text.size(); ++unit)
    if (text.substr(unit) == text.substr(0, text.size() - unit)) return true;
  return false;
}

// "p@ssw0rd" as "password"; a 1 stands for either of two letters.
void undo_substitutions(std::string& text, char one) {
  constexpr std::string_view kFrom = "@4031!|$5789";
  const std::string to = std::string("aaoe") + one + one + "lsstbg";
  for (char& c : text)
    if (const auto at = kFrom.find(c); at != kFrom.npos) c = to[at];
}

bool is_word(std::string_view text) {
  if (is_common_word(text)) return true;
  for (const char one : {'i', 'l'}) {
    Scratch plain(text);
    undo_substitutions(plain.text, one);
    if (is_common_word(plain.text)) return true;
  }
  return false;
}

// A word of the list, or one with digits or punctuation behind it.
bool is_common(std::string_view text) {
  if (is_word(text)) return true;
  std::size_t end = text.size();
  while (end > kShortestWord && !is_letter(text[end - 1])) {
    --end;
    const std::string_view tail = text.substr(end);
    const bool expected = tail.size() <= kLongestTail || is_made_of_runs(tail);
    if (expected && is_word(text.substr(0, end))) return true;
  }
  return false;
}

// What a guesser tries who knows of them: "jane.doe@example.org" as a whole and in its pieces.
std::vector<std::string> personal_words(std::span<const std::string> personal) {
  std::vector<std::string> words;
  for (const std::string& text : personal) {
    std::string whole, side, joined, piece;
    for (const char c : text + "@") {
      const char lower = to_lower(c);
      if (is_letter(lower) || is_digit(lower)) {
        piece.push_back(lower);
      } else {
        joined += piece;
        words.push_back(std::exchange(piece, {}));
      }
      if (c == '@') {
        words.push_back(whole);
        words.push_back(std::exchange(side, {}));
        words.push_back(std::exchange(joined, {}));
      } else {
        side.push_back(lower);
      }
      whole.push_back(lower);
    }
  }
  std::erase_if(words, [](const std::string& word) { return word.size() < kShortestWord; });
  std::sort(words.begin(), words.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return words;
}

// Nothing but such words, and a few characters that everybody adds.
bool is_made_of(std::string_view text, const std::vector<std::string>& words) {
  Scratch rest(text);
  for (const std::string& word : words)
    for (auto at = rest.text.find(word); at != rest.text.npos; at = rest.text.find(word))
      rest.text.erase(at, word.size());
  if (rest.text.size() == text.size()) return false;
  const auto letters = std::count_if(rest.text.begin(), rest.text.end(), is_letter);
  return rest.text.size() < kShortestWord || (letters == 0 && rest.text.size() <= kLongestTail);
}

}  // namespace

std::optional<std::string> weakness(const Secret& password, std::span<const std::string> personal) {
  Scratch lower(password.text());
  std::transform(lower.text.begin(), lower.text.end(), lower.text.begin(), to_lower);
  const std::string_view text = lower.text;
  if (text.empty() || is_one_unit_repeated(text))
    return "This password repeats the same few characters. Choose one that is harder to guess.";
  if (is_made_of_runs(text))
    return "This password is a plain sequence of keys. Choose one that is harder to guess.";
  const auto words = personal_words(personal);
  Scratch plain(text);
  undo_substitutions(plain.text, 'i');
  if (is_made_of(text, words) || is_made_of(plain.text, words))
    return "This password is made of your e-mail address or of this service's name. Choose one "
           "that "
           "is harder to guess.";
  if (is_common(text))
    return "This password, or the word in it, is one of the most common ones and would be guessed "
           "first. Choose another one.";
  return std::nullopt;
}

}  // namespace cad::passwords
