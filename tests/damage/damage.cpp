// SPDX-License-Identifier: Apache-2.0
// The damage matrix: every given drawing truncated at 25/50/75/99 % and with seeded byte flips, put
// through the whole pipeline in process (meant for the sanitizer build). Each case must end within
// 10 s with valid JSON or a clean error.
//
//   damage [--flips N] [--px N] FILE...
//
// Exit 1 names the first bad case; a crash or a hang shows the case last announced on stderr.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "pipeline/parse.hpp"
#include "text/fonts.hpp"

namespace {

using cad::PartKind;

class Collector : public cad::PartSink {
 public:
  cad::Result<void> write(PartKind kind, std::uint32_t, std::span<const std::byte> bytes) override {
    std::string* into = kind == PartKind::result    ? &result
                        : kind == PartKind::summary ? &summary
                        : kind == PartKind::blocks  ? &blocks
                                                    : nullptr;
    if (into) into->append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  std::string result, summary, blocks;
};

struct Tally {
  std::size_t cases = 0, parsed = 0, refused = 0;
  double slowest_s = 0;
  std::string slowest;
};

std::string announced;  // for the alarm handler

void on_alarm(int) {
  const char text[] = "\nHANG: over 10 s: ";
  (void)!write(2, text, sizeof text - 1);
  (void)!write(2, announced.data(), announced.size());
  (void)!write(2, "\n", 1);
  _exit(1);
}

bool run_case(const std::string& name, const std::vector<std::byte>& bytes, std::uint32_t px,
              cad::text::FontLibrary& fonts, Tally& tally) {
  announced = name;
  alarm(10);
  const auto start = std::chrono::steady_clock::now();
  cad::ParseOptions options;
  options.file_name = "damaged.dxf";
  options.image_px = px;
  Collector parts;
  const auto outcome = cad::parse_to_parts(bytes, options, fonts, parts);
  alarm(0);
  const double took =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (took > tally.slowest_s) {
    tally.slowest_s = took;
    tally.slowest = name;
  }
  ++tally.cases;
  if (!outcome) {
    ++tally.refused;
    if (!outcome.error().message.empty()) return true;
    std::fprintf(stderr, "BAD %s: refused without a reason\n", name.c_str());
    return false;
  }
  ++tally.parsed;
  for (const std::string* json : {&parts.result, &parts.summary, &parts.blocks})
    if (!nlohmann::json::accept(*json)) {
      std::fprintf(stderr, "BAD %s: invalid JSON\n", name.c_str());
      return false;
    }
  return true;
}

std::uint64_t seed_of(const std::string& path) {
  std::uint64_t h = 1469598103934665603ull;  // FNV-1a of the base name: the same cases anywhere
  for (const char c : path.substr(path.rfind('/') + 1))
    h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return h;
}

bool run_file(const std::string& path, int flips, std::uint32_t px, cad::text::FontLibrary& fonts,
              Tally& tally) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<char> chars{std::istreambuf_iterator<char>(in), {}};
  std::vector<std::byte> bytes(chars.size());
  std::memcpy(bytes.data(), chars.data(), chars.size());
  if (bytes.empty()) return true;
  bool good = true;
  for (const std::size_t percent : {25u, 50u, 75u, 99u}) {
    const std::vector<std::byte> cut(
        bytes.begin(), bytes.begin() + static_cast<long>(bytes.size() * percent / 100));
    good &=
        run_case(path + " truncated at " + std::to_string(percent) + " %", cut, px, fonts, tally);
  }
  std::mt19937_64 random(seed_of(path));
  const auto flip = [&](std::vector<std::byte>& target) {
    target[random() % target.size()] ^= static_cast<std::byte>(1 + random() % 255);
  };
  for (int i = 0; i < flips; ++i) {
    std::vector<std::byte> flipped = bytes;
    flip(flipped);
    good &= run_case(path + " flip " + std::to_string(i), flipped, px, fonts, tally);
  }
  std::vector<std::byte> many = bytes;
  for (int i = 0; i < 64; ++i) flip(many);
  return run_case(path + " 64 flips at once", many, px, fonts, tally) && good;
}

}  // namespace

int main(int argc, char** argv) {
  int flips = 4;
  std::uint32_t px = 128;
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--flips" && i + 1 < argc) {
      flips = std::atoi(argv[++i]);
    } else if (argument == "--px" && i + 1 < argc) {
      px = static_cast<std::uint32_t>(std::atoi(argv[++i]));
    } else {
      files.push_back(argument);
    }
  }
  std::signal(SIGALRM, on_alarm);
  const auto fonts = cad::text::FontLibrary::open_system_fonts();
  Tally tally;
  bool good = !files.empty();
  for (const std::string& file : files) good &= run_file(file, flips, px, *fonts, tally);
  std::printf(
      "damage: %zu files, %zu cases: %zu parsed, %zu refused with a reason; slowest %.2f s (%s)\n",
      files.size(), tally.cases, tally.parsed, tally.refused, tally.slowest_s,
      tally.slowest.c_str());
  return good ? 0 : 1;
}
