// SPDX-License-Identifier: Apache-2.0
// Any bytes, cut anywhere: no crash, and the cut makes no difference.
#include <cstdlib>
#include <cstring>

#include "http/multipart.hpp"

namespace {

struct Collector : cad::http::PartReceiver {
  cad::Result<void> begin(const cad::http::PartHeader& part) override {
    all += part.name + '\x01' + part.file_name + '\x02';
    return {};
  }
  cad::Result<void> data(std::span<const std::byte> bytes) override {
    all.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  cad::Result<void> end() override {
    all += '\x03';
    return {};
  }
  std::string all;
};

bool parse(std::span<const std::byte> body, std::size_t step, std::string& out) {
  cad::http::MultipartParser parser("b");
  Collector collector;
  for (std::size_t at = 0; at < body.size(); at += step)
    if (!parser.feed(body.subspan(at, std::min(step, body.size() - at)), collector)) return false;
  out = collector.all;
  return parser.finish().has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = std::as_bytes(std::span(data, size));
  std::string whole, bytewise;
  const bool a = parse(body, size + 1, whole), b = parse(body, 1, bytewise);
  if (a != b || (a && whole != bytewise)) std::abort();
  return 0;
}
