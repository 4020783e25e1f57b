// SPDX-License-Identifier: Apache-2.0
// Any bytes from a server, and the same replies however they are cut: the first byte says where.
#include <algorithm>
#include <cstdlib>

#include "redis/resp.hpp"

namespace {

using cad::redis::Parser;
using cad::redis::Reply;

constexpr cad::redis::ParserLimits kLimits{4096, 256, 4};

std::size_t weight(const Reply& reply, int depth) {
  if (depth > kLimits.depth + 1 || reply.text.size() > kLimits.bytes) std::abort();
  std::size_t sum = 1 + reply.text.size();
  for (const Reply& item : reply.items) sum += weight(item, depth + 1);
  return sum;
}

// How many replies there are, what they weigh, and whether the stream was good.
std::size_t read_all(std::string_view bytes, std::size_t step) {
  Parser parser(kLimits);
  std::size_t sum = 0;
  while (true) {
    const auto reply = parser.next();
    if (!reply) return sum * 2 + 1;
    if (*reply) {
      sum = sum * 31 + weight(**reply, 0);
      continue;
    }
    if (bytes.empty()) return sum * 2;
    const std::size_t count = std::min(step, bytes.size());
    parser.feed(bytes.substr(0, count));
    bytes.remove_prefix(count);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  // A stream that is too long for one reply may be refused sooner when it comes at once.
  if (bytes.size() > kLimits.bytes) return 0;
  if (read_all(bytes, 1 + data[0] % 32) != read_all(bytes, bytes.size())) std::abort();
  return 0;
}
