// SPDX-License-Identifier: Apache-2.0
#include "mail/message.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "crypto/bytes.hpp"

namespace cad::mail {
namespace {

constexpr std::size_t kWordBytes = 42;  // 56 characters of base64, within the 75 of a word
constexpr std::size_t kMostSubject = 400;

bool is_plain(std::string_view text) {
  return text.size() <= 60 && text.find("=?") == text.npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::string rfc5322_date(std::int64_t time) {
  const std::time_t seconds = static_cast<std::time_t>(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  // Not strftime's %a and %b: those follow the locale.
  constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 40> rest{};
  std::strftime(rest.data(), rest.size(), "%Y %H:%M:%S +0000", &parts);
  return std::string(kDays[static_cast<std::size_t>(parts.tm_wday)]) + ", " +
         std::to_string(parts.tm_mday) + " " + kMonths[static_cast<std::size_t>(parts.tm_mon)] +
         " " + rest.data();
}

std::string base64_lines(std::string_view text) {
  const std::string all = crypto::to_base64(crypto::as_bytes(text));
  std::string out;
  for (std::size_t at = 0; at < all.size(); at += 76) out += all.substr(at, 76) + "\r\n";
  return out;
}

}  // namespace

bool is_address(std::string_view text) {
  constexpr std::string_view kLocal = "!#$%&'*+-/=?^_`{|}~.";
  const auto alnum = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  const auto at = text.rfind('@');
  if (text.size() > 320 || at == text.npos || at == 0 || at > 64) return false;
  const std::string_view local = text.substr(0, at), host = text.substr(at + 1);
  const auto dots = [](std::string_view part) {
    return !part.starts_with('.') && !part.ends_with('.') && part.find("..") == part.npos;
  };
  return !host.empty() && host.front() != '-' && dots(local) && dots(host) &&
         std::all_of(local.begin(), local.end(),
                     [&](char c) { return alnum(c) || kLocal.find(c) != kLocal.npos; }) &&
         std::all_of(host.begin(), host.end(),
                     [&](char c) { return alnum(c) || c == '-' || c == '.'; });
}

std::string encode_subject(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string out;
  text = text.substr(0, kMostSubject);
  while (!text.empty()) {
    std::size_t length = std::min(text.size(), kWordBytes);
    // A word must hold whole characters.
    while (length < text.size() && length > 1 && continues(text[length])) --length;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + crypto::to_base64(crypto::as_bytes(text.substr(0, length))) + "?=";
    text.remove_prefix(length);
  }
  return out;
}

std::string compose(const Mail& mail, std::string_view from, std::int64_t time) {
  // The id becomes part of a header: only what cannot break it.
  std::string id;
  for (const char c : mail.id)
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '_') id.push_back(c);
  if (id.empty()) id = crypto::random_hex(16);
  std::string out;
  const auto header = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  header("Date", rfc5322_date(time));
  header("From", "CADLens <" + std::string(from) + ">");
  header("To", "<" + mail.to + ">");
  header("Subject", encode_subject(mail.subject));
  header("Message-ID", "<" + id + std::string(from.substr(from.rfind('@'))) + ">");
  header("Auto-Submitted", "auto-generated");
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=utf-8");
  header("Content-Transfer-Encoding", "base64");
  out += "\r\n" + base64_lines(mail.text);
  return out;
}

}  // namespace cad::mail
