// SPDX-License-Identifier: Apache-2.0
#include "formats/sniff.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "formats/zip_head.hpp"

namespace cad {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kDwfHeader = 12;  // "(DWF V06.00)"
constexpr std::size_t kMostJunk = 1024;
constexpr std::string_view kCompoundFile = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv;

std::string_view text_of(Bytes head) {
  return {reinterpret_cast<const char*>(head.data()), head.size()};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Result<void> refuse_encrypted() {
  return fail(
      ErrorCode::encrypted_drawing,
      "This drawing is protected by a password. Open it in the program that made it, remove "
      "the password and save it again.");
}

// First bytes of other kinds of files. A file that begins like one of these is that, whatever lies
// further inside.
struct Other {
  std::string_view start;
  std::string_view sentence;
};
constexpr std::string_view kPicture =
    "The content is a picture, no drawing: send the drawing that it was made from.";
constexpr std::string_view kArchive =
    "The content is an archive, no drawing: unpack it and send the drawing that is in it.";
constexpr std::string_view kProgram = "The content is a program, no drawing.";
constexpr std::string_view kPage =
    "The content is a web page, no drawing: it may be the message of a download that failed.";
constexpr std::string_view kPostScript =
    "The content is PostScript, no drawing: send the drawing that it was printed from.";
constexpr std::array kOthers{
    Other{"PK\x03\x04"sv, kArchive},
    Other{"PK\x05\x06"sv, kArchive},
    Other{"Rar!\x1A\x07"sv, kArchive},
    Other{"7z\xBC\xAF\x27\x1C"sv, kArchive},
    Other{"\x1F\x8B"sv, kArchive},
    Other{"BZh"sv, kArchive},
    Other{"\xFD"
          "7zXZ\0"sv,
          kArchive},
    Other{"GIF8"sv, kPicture},
    Other{"\x89PNG"sv, kPicture},
    Other{"\xFF\xD8\xFF"sv, kPicture},
    Other{"II*\0"sv, kPicture},
    Other{"MM\0*"sv, kPicture},
    Other{"RIFF"sv, kPicture},
    Other{"MZ"sv, kProgram},
    Other{"\x7F"
          "ELF"sv,
          kProgram},
    Other{"#!"sv, kProgram},
    Other{"%!PS"sv, kPostScript},
    Other{"<!DOCTYPE"sv, kPage},
    Other{"<!doctype"sv, kPage},
    Other{"<html"sv, kPage},
    Other{"<HTML"sv, kPage},
    Other{kCompoundFile,
          "The content is a compound file, as DGN V8 drawings and office documents are. If it is a "
          "DGN V8 drawing, open it in the program that made it and save it as DXF or DWG."sv},
};

// A name that only the packages of DWFx hold.
bool is_of_dwfx(std::string_view name) {
  return name.starts_with("dwf/documents/") || name == "DWFDocumentSequence.dwfseq";
}

}  // namespace

// "(DWF V06.00)" and a package, "(DWF V00.55)" and drawing instructions, and the single sheets of
// packages: "(W2D V06.00)".
Confidence sniff_dwf(Bytes head) {
  const std::string_view text = text_of(head);
  if (text.size() < kDwfHeader || !(text.starts_with("(DWF V") || text.starts_with("(W2D V")))
    return Confidence::no;
  const bool version = is_digit(text[6]) && is_digit(text[7]) && text[8] == '.' &&
                       is_digit(text[9]) && is_digit(text[10]) && text[11] == ')';
  return version ? Confidence::sure : Confidence::no;
}

Result<void> admit_dwf(Bytes head) {
  if (head.size() < kDwfHeader || !read_zip_head(head.subspan(kDwfHeader)).encrypted) return {};
  return refuse_encrypted();
}

// A zip package, an entry of which only a DWF document sequence has.
Confidence sniff_dwfx(Bytes head) {
  return std::ranges::any_of(read_zip_head(head).names, is_of_dwfx) ? Confidence::sure
                                                                    : Confidence::no;
}

Result<void> admit_dwfx(Bytes head) {
  return read_zip_head(head).encrypted ? refuse_encrypted() : Result<void>();
}

// The first element is the TCB: type 9 at level 8, 766 words long (0x02FE). In three dimensions the
// level's byte has its upper bits set.
Confidence sniff_dgn_v7(Bytes head) {
  if (head.size() < 4) return Confidence::no;
  const auto at = [&head](std::size_t i) { return std::to_integer<unsigned>(head[i]); };
  return (at(0) == 0x08 || at(0) == 0xC8) && at(1) == 0x09 && at(2) == 0xFE && at(3) == 0x02
             ? Confidence::sure
             : Confidence::no;
}

// A compound file with a stream or storage named "Dgn...".
Confidence sniff_dgn_v8(Bytes head) {
  const std::string_view text = text_of(head);
  if (!text.starts_with(kCompoundFile)) return Confidence::no;
  return text.find("D\0g\0n\0"sv) != std::string_view::npos ? Confidence::sure : Confidence::no;
}

// The header may stand behind some bytes of junk (ISO 32000-1, H.3 note 13), if these are not the
// beginning of another file.
Confidence sniff_pdf(Bytes head) {
  const std::string_view text = text_of(head);
  const auto at = text.substr(0, kMostJunk).find("%PDF-");
  if (at == text.npos || text.size() < at + 6 || !is_digit(text[at + 5])) return Confidence::no;
  if (at == 0) return Confidence::sure;
  return explain_no_drawing(head).empty() ? Confidence::maybe : Confidence::no;
}

// "/Encrypt 12 0 R" or "/Encrypt<<": of linearized files it stands near the beginning.
Result<void> admit_pdf(Bytes head) {
  constexpr std::string_view kKey = "/Encrypt";
  const std::string_view text = text_of(head);
  for (auto at = text.find(kKey); at != text.npos; at = text.find(kKey, at + 1)) {
    const auto value = text.find_first_not_of(" \r\n\t", at + kKey.size());
    if (value != text.npos && (is_digit(text[value]) || text.substr(value).starts_with("<<")))
      return refuse_encrypted();
  }
  return {};
}

std::string_view explain_no_drawing(Bytes head) {
  std::string_view text = text_of(head);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto found = std::ranges::find_if(
      kOthers, [text](const Other& other) { return text.starts_with(other.start); });
  return found == kOthers.end() ? std::string_view() : found->sentence;
}

}  // namespace cad
