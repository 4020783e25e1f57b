// SPDX-License-Identifier: Apache-2.0
#include "formats/format.hpp"

#include <algorithm>
#include <string>

#include "formats/sniff.hpp"

namespace cad {
namespace {

std::string readable_names() {
  std::string names;
  for (const Format& format : formats()) {
    if (format.read == nullptr) continue;
    if (!names.empty()) names += ", ";
    names += format.name;
  }
  return names;
}

Bytes head_of(Bytes file) { return file.first(std::min(file.size(), kSniffBytes)); }

}  // namespace

const Format* sniff(Bytes head) {
  const Format* best = nullptr;
  for (const Format& format : formats()) {
    switch (format.sniff(head)) {
      case Confidence::sure: return &format;
      case Confidence::maybe:
        if (best == nullptr) best = &format;
        break;
      case Confidence::no: break;
    }
  }
  return best;
}

Result<const Format*> identify(Bytes head) {
  if (head.empty()) return fail(ErrorCode::not_a_drawing, "The file is empty.");
  const Format* const format = sniff(head_of(head));
  if (format == nullptr) {
    const std::string_view known = explain_no_drawing(head_of(head));
    return fail(ErrorCode::not_a_drawing,
                (known.empty() ? "The content is no drawing that this program knows."
                               : std::string(known)) +
                    " Readable: " + readable_names() + ".");
  }
  if (format->admit != nullptr) CAD_TRY(format->admit(head_of(head)));
  if (format->read == nullptr)
    return fail(ErrorCode::unsupported_format, "This is a " + std::string(format->name) +
                                                   " drawing, which cannot be read yet: " +
                                                   std::string(format->unreadable_because) + ".");
  return format;
}

Result<Drawing> read_drawing(Bytes file, const ReadContext& context) {
  if (file.size() > context.limits.max_input_bytes)
    return fail(ErrorCode::limit_exceeded, "The file is larger than the limit for drawings.");
  CAD_ASSIGN(const Format* format, identify(head_of(file)));
  return format->read(file, context);
}

}  // namespace cad
