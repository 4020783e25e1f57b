// SPDX-License-Identifier: Apache-2.0
#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "passwords/password.hpp"

namespace cad::passwords {

namespace {

// No text of more bytes has an NFC of kMaxBytes: bounds the work.
constexpr std::size_t kMaxRawBytes = 1024;

tl::unexpected<Error> refuse(const char* why) { return fail(ErrorCode::invalid_argument, why); }

tl::unexpected<Error> too_long() {
  return refuse(
      "The password is longer than 72 bytes (letters beyond ASCII take two to four). More would be "
      "cut off silently by the hash, so it is not accepted.");
}

std::size_t count_characters(std::string_view utf8) {
  std::size_t count = 0;
  for (const char c : utf8)
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++count;
  return count;
}

Result<Secret> to_nfc(std::string_view raw) {
  if (raw.size() > kMaxRawBytes) return too_long();
  if (raw.find('\0') != raw.npos)
    return refuse("The password has a NUL character, which is not accepted.");
  utf8proc_uint8_t* text = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(raw.data()),
                   static_cast<utf8proc_ssize_t>(raw.size()), &text,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (size < 0) return refuse("The password is not valid UTF-8.");
  const std::span bytes(reinterpret_cast<std::byte*>(text), static_cast<std::size_t>(size));
  Secret nfc(bytes);
  wipe_memory(bytes);
  std::free(text);
  return nfc;
}

}  // namespace

Result<Secret> prepare(std::string& raw) {
  // Secret has it from here on: what the caller gave is gone whatever becomes of it.
  const Secret given = Secret::from_text(raw);
  CAD_ASSIGN(Secret nfc, to_nfc(given.text()));
  if (count_characters(nfc.text()) < kMinCharacters)
    return refuse("The password has fewer than 8 characters.");
  if (nfc.size() > kMaxBytes) return too_long();
  return nfc;
}

}  // namespace cad::passwords
