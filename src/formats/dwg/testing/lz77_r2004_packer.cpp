// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/testing/lz77_r2004_packer.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace cad::dwg::testing {
namespace {

constexpr std::size_t kLeast = 4;          // bytes that a repeat must cover to be worth it
constexpr std::size_t kFarthest = 0xBFFF;  // distance

struct Step {
  std::size_t literals = 0;  // that come first
  std::size_t count = 0;     // then so many bytes from
  std::size_t distance = 0;  // so far back; 0 at the end
};

std::vector<Step> plan(Bytes data) {
  std::vector<Step> steps;
  std::vector<std::size_t> last(1u << 14, data.size());
  std::size_t literals_from = 0;
  std::size_t at = 0;
  while (at + kLeast <= data.size()) {
    const std::uint32_t hash = u32(data, at) * 2654435761u >> 18;
    const std::size_t before = std::exchange(last[hash], at);
    std::size_t count = 0;
    if (at >= kLeast && before < at && at - before <= kFarthest)
      while (at + count < data.size() && data[before + count] == data[at + count]) ++count;
    if (count < kLeast) {
      ++at;
      continue;
    }
    steps.push_back({at - literals_from, count, at - before});
    at += count;
    literals_from = at;
  }
  steps.push_back({data.size() - literals_from, 0, 0});
  return steps;
}

class Packer {
 public:
  std::vector<std::byte> run(Bytes data) {
    std::size_t at = 0;
    const std::vector<Step> steps = plan(data);
    literal_count(steps[0].literals);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      literals(data.subspan(at, steps[i].literals));
      at += steps[i].literals + steps[i].count;
      if (i + 1 < steps.size()) repeat(steps[i], steps[i + 1].literals);
    }
    for (const unsigned b : {0x11u, 0u, 0u}) put(b);
    return std::move(out_);
  }

 private:
  void put(std::size_t b) { out_.push_back(static_cast<std::byte>(b)); }
  void literals(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }

  void long_count(std::size_t count) {
    for (; count > 0xFF; count -= 0xFF) put(0);
    put(count);
  }

  // 4 or more.
  void literal_count(std::size_t count) {
    if (count <= 0x12) return put(count - 3);
    put(0);
    long_count(count - 3 - 0x0F);
  }

  void opcode(std::size_t base, std::size_t count, std::size_t mask) {
    if (count - 2 <= mask) return put(base | (count - 2));
    put(base);
    long_count(count - 2 - mask);
  }

  // A repeat and how many literals follow it: up to 3 in the opcode, more by a count of their own.
  void repeat(const Step& step, std::size_t following) {
    const std::size_t bits = following <= 3 ? following : 0;
    if (step.count <= 0x0E && step.distance <= 0x400) {
      put((step.count + 1) << 4 | ((step.distance - 1) & 3) << 2 | bits);
      put((step.distance - 1) >> 2);
    } else {
      std::size_t field = step.distance - 1;
      if (step.distance <= 0x4000) {
        opcode(0x20, step.count, 31);
      } else {
        field = (step.distance - 0x4000) & 0x3FFF;
        opcode(step.distance < 0x8000 ? 0x10 : 0x18, step.count, 7);
      }
      put((field & 0x3F) << 2 | bits);
      put(field >> 6);
    }
    if (following > 3) literal_count(following);
  }

  std::vector<std::byte> out_;
};

}  // namespace

std::vector<std::byte> pack_r2004(Bytes data) { return Packer().run(data); }

}  // namespace cad::dwg::testing
