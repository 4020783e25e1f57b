// SPDX-License-Identifier: Apache-2.0
// Proxy graphics assembled by hand for tests.
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "base/vec.hpp"

namespace cad::testing {

struct ProxyChunk {
  std::vector<std::uint8_t> bytes{};

  ProxyChunk& rl(std::uint32_t value) { return append(&value, sizeof value); }
  ProxyChunk& rd(double value) { return append(&value, sizeof value); }
  ProxyChunk& rd3(Vec3 v) { return rd(v.x).rd(v.y).rd(v.z); }
  ProxyChunk& rds(std::initializer_list<double> values) {
    for (const double value : values) rd(value);
    return *this;
  }
  ProxyChunk& padded(std::string_view text) {
    append(text.data(), text.size());
    do bytes.push_back(0);
    while (bytes.size() % 4 != 0);
    return *this;
  }
  ProxyChunk& padded16(std::u16string_view text) {
    for (const char16_t unit : text) append(&unit, sizeof unit);
    do bytes.push_back(0);
    while (bytes.size() % 4 != 0 || bytes.size() % 2 != 0 || !ends_in_zero());
    return *this;
  }
  ProxyChunk& append(const void* from, std::size_t size) {
    const auto* const first = static_cast<const std::uint8_t*>(from);
    bytes.insert(bytes.end(), first, first + size);
    return *this;
  }

 private:
  bool ends_in_zero() const {
    return bytes.size() >= 2 && bytes.back() == 0 && bytes[bytes.size() - 2] == 0;
  }
};

class ProxyWriter {
 public:
  ProxyWriter& add(std::uint32_t type, const ProxyChunk& chunk = {}) {
    chunks_.rl(static_cast<std::uint32_t>(chunk.bytes.size() + 8)).rl(type);
    chunks_.append(chunk.bytes.data(), chunk.bytes.size());
    ++count_;
    return *this;
  }
  ProxyWriter& number(std::uint32_t type, std::uint32_t value) {
    return add(type, ProxyChunk{}.rl(value));
  }
  ProxyWriter& points(std::uint32_t type, std::initializer_list<Vec3> points) {
    ProxyChunk chunk;
    chunk.rl(static_cast<std::uint32_t>(points.size()));
    for (const Vec3& point : points) chunk.rd3(point);
    return add(type, chunk);
  }
  std::vector<std::uint8_t> bytes() const {
    ProxyChunk all;
    all.rl(static_cast<std::uint32_t>(chunks_.bytes.size() + 8)).rl(count_);
    all.append(chunks_.bytes.data(), chunks_.bytes.size());
    return all.bytes;
  }

 private:
  ProxyChunk chunks_;
  std::uint32_t count_ = 0;
};

}  // namespace cad::testing
