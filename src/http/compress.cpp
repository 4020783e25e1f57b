// SPDX-License-Identifier: Apache-2.0
#include "http/compress.hpp"

#include <zlib.h>

#include <memory>

namespace cad::http {
namespace {

constexpr int kLevel = 4;  // measured on result documents: 6 takes twice as long for 4 % less
constexpr int kGzipWindow = 15 + 16;

class Deflater {
 public:
  Deflater() {
    ok_ = ::deflateInit2(&stream_, kLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~Deflater() { ::deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  bool ok() const { return ok_; }
  bool ended() const { return ended_; }
  bool wants_input() const { return stream_.avail_in == 0; }
  // `input` must live until it is used up.
  void give(std::string_view input) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = static_cast<uInt>(input.size());
  }
  std::size_t take(std::span<char> into, bool last) {
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(into.size());
    ended_ = ::deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_END;
    return into.size() - stream_.avail_out;
  }

 private:
  z_stream stream_{};
  bool ok_ = false, ended_ = false;
};

// One stream of compressed bytes over one of plain bytes.
struct GzipReader {
  explicit GzipReader(Stream plain) : source(std::move(plain)), input(64 * 1024, '\0') {}

  Result<std::size_t> read(std::span<char> into) {
    if (!deflater.ok()) return fail(ErrorCode::unavailable, "Not enough memory to compress.");
    while (!deflater.ended()) {
      if (deflater.wants_input() && !last) {
        CAD_ASSIGN(const std::size_t count, source.read(input));
        last = count == 0;
        deflater.give(std::string_view(input).substr(0, count));
      }
      if (const std::size_t count = deflater.take(into, last); count > 0) return count;
    }
    return std::size_t{0};
  }

  Stream source;
  std::string input;
  Deflater deflater;
  bool last = false;
};

}  // namespace

std::string gzip(std::string_view text) {
  Deflater deflater;
  std::string out, block(16 * 1024, '\0');
  deflater.give(text);
  while (deflater.ok() && !deflater.ended()) out.append(block, 0, deflater.take(block, true));
  return out;
}

Stream gzip_stream(Stream stream) {
  auto reader = std::make_shared<GzipReader>(std::move(stream));
  return {[reader](std::span<char> into) { return reader->read(into); }, std::nullopt};
}

}  // namespace cad::http
