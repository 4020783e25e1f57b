// SPDX-License-Identifier: Apache-2.0
#include <crypt.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "crypto/bytes.hpp"
#include "passwords/password.hpp"

namespace cad::passwords {

namespace {

constexpr std::string_view kStart = "$2b$12$";
constexpr unsigned long kCost = 12;
constexpr std::size_t kHashLength = 60;
constexpr std::string_view kAlphabet =
    "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

std::string make_salt() {
  std::array<char, 16> bytes{};
  crypto::random_bytes(std::as_writable_bytes(std::span(bytes)));
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
  const char* made = crypt_gensalt_rn("$2b$", kCost, bytes.data(), bytes.size(), setting.data(),
                                      static_cast<int>(setting.size()));
  return made != nullptr ? made : "";
}

bool is_well_formed(std::string_view hash) {
  return hash.size() == kHashLength && hash.starts_with(kStart) &&
         hash.find_first_not_of(kAlphabet, kStart.size()) == hash.npos;
}

// Empty when it cannot be computed. `setting` is a salt or a whole hash.
std::string compute(const Secret& password, const std::string& setting) {
  if (password.size() > kMaxBytes || password.text().find('\0') != std::string_view::npos)
    return {};
  struct Scratch {
    std::array<char, kMaxBytes + 1> phrase{};
    crypt_data data{};
    ~Scratch() { wipe_memory(std::as_writable_bytes(std::span(this, 1))); }
  };
  const auto scratch = std::make_unique<Scratch>();
  std::copy_n(password.text().data(), password.size(), scratch->phrase.data());
  const char* made = crypt_rn(scratch->phrase.data(), setting.c_str(), &scratch->data,
                              static_cast<int>(sizeof(scratch->data)));
  return made != nullptr ? made : "";
}

}  // namespace

Result<std::string> hash(const Secret& password) {
  std::string made = compute(password, make_salt());
  if (!is_well_formed(made)) return fail(ErrorCode::internal, "A password could not be hashed.");
  return made;
}

bool verify(const Secret& password, const std::string& hash) {
  if (!is_well_formed(hash)) return false;
  const std::string made = compute(password, hash);
  return is_well_formed(made) && crypto::equal_in_constant_time(made, hash);
}

const std::string& dummy_hash() {
  static const std::string dummy = [] {
    std::array<std::uint8_t, kHashLength> random{};
    crypto::random_bytes(std::as_writable_bytes(std::span(random)));
    std::string text = make_salt();
    for (const std::uint8_t byte : random)
      if (text.size() < kHashLength) text.push_back(kAlphabet[byte % kAlphabet.size()]);
    return text;
  }();
  return dummy;
}

}  // namespace cad::passwords
