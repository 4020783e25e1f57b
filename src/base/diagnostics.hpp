// SPDX-License-Identifier: Apache-2.0
// Damage is data: what could not be read, repaired or drawn, in words a drafter understands.
// The same (code, subject) is kept once with a count, so hostile files cannot flood the list.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cad {

enum class Severity : std::uint8_t { info, warning, error };

struct Diagnostic {
  std::string code;  // stable, SCREAMING_SNAKE: "DXF_BAD_NUMBER", "ENTITY_UNSUPPORTED"
  Severity severity = Severity::warning;
  std::string subject;  // entity type, table or variable concerned: "HATCH", "$INSUNITS"
  std::string message;  // whole sentence, without count
  std::string where;    // first place: "line 1234", "handle 2F", "byte 0x1f00"; may be empty
  std::uint64_t count = 1;
};

class Diagnostics {
 public:
  explicit Diagnostics(std::size_t max_kept = 200) : max_kept_(max_kept) {}

  // Adds one, or counts a repeat of the same code and subject.
  void add(Severity severity, std::string_view code, std::string_view subject,
           std::string_view message, std::string_view where = {}, std::uint64_t count = 1);
  void warn(std::string_view code, std::string_view subject, std::string_view message,
            std::string_view where = {}, std::uint64_t count = 1) {
    add(Severity::warning, code, subject, message, where, count);
  }
  void error(std::string_view code, std::string_view subject, std::string_view message,
             std::string_view where = {}, std::uint64_t count = 1) {
    add(Severity::error, code, subject, message, where, count);
  }

  const std::vector<Diagnostic>& all() const { return kept_; }
  // How many reports fell outside the cap (distinct ones that were not kept).
  std::uint64_t dropped() const { return dropped_; }

 private:
  std::size_t max_kept_;
  std::vector<Diagnostic> kept_;
  std::unordered_map<std::string, std::size_t> index_;
  std::uint64_t dropped_ = 0;
};

// "SUBJECT: message (line 12; 3 times)": the form that goes to parseInfo. A subject that the
// message names itself is not repeated.
std::string to_sentence(const Diagnostic& diagnostic);

}  // namespace cad
