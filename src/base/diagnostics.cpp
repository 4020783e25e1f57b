// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostics.hpp"

namespace cad {

void Diagnostics::add(Severity severity, std::string_view code, std::string_view subject,
                      std::string_view message, std::string_view where, std::uint64_t count) {
  std::string key;
  key.reserve(code.size() + subject.size() + 1);
  key.append(code).push_back('\0');
  key.append(subject);
  if (auto it = index_.find(key); it != index_.end()) {
    kept_[it->second].count += count;
    return;
  }
  if (kept_.size() >= max_kept_) {
    dropped_ += count;
    return;
  }
  index_.emplace(std::move(key), kept_.size());
  kept_.push_back({std::string(code), severity, std::string(subject), std::string(message),
                   std::string(where), count});
}

std::string to_sentence(const Diagnostic& diagnostic) {
  std::string out;
  if (diagnostic.message.find(diagnostic.subject) == std::string::npos)
    out = diagnostic.subject + ": ";
  out += diagnostic.message;
  const bool repeated = diagnostic.count > 1;
  if (diagnostic.where.empty() && !repeated) return out;
  out += " (";
  out += diagnostic.where;
  if (repeated) {
    if (!diagnostic.where.empty()) out += "; ";
    out += std::to_string(diagnostic.count) + " times";
  }
  out += ')';
  return out;
}

}  // namespace cad
