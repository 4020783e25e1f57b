// SPDX-License-Identifier: Apache-2.0
#include "http/stored_object.hpp"

#include "http/api_error.hpp"
#include "http/ranges.hpp"

namespace cad::http {

Response object_response(const Request& request, std::shared_ptr<blobs::Reader> object,
                         std::string_view content_type, std::string_view tag) {
  Response response;
  response.headers.set("ETag", tag);
  response.headers.set("Accept-Ranges", "bytes");
  if (const auto known = request.headers.find("If-None-Match"); known && tag_matches(*known, tag)) {
    response.status = 304;
    return response;
  }
  const std::uint64_t size = object->size();
  auto wanted = request.headers.find("Range");
  if (const auto same = request.headers.find("If-Range"); same && *same != tag) wanted.reset();
  const RangeAnswer choice = choose_range(wanted, size);
  std::uint64_t at = 0, end = size;
  if (choice.kind == RangeKind::unsatisfiable) {
    response.status = 416;
    response.headers.set("Content-Range", "bytes */" + std::to_string(size));
    return response;
  }
  if (choice.kind == RangeKind::part) {
    at = choice.range.first;
    end = choice.range.last + 1;
    response.status = 206;
    response.headers.set("Content-Range", "bytes " + std::to_string(at) + "-" +
                                              std::to_string(end - 1) + "/" + std::to_string(size));
  }
  response.headers.set("Content-Type", content_type);
  response.body = Stream{
      [object = std::move(object), at, end](std::span<char> into) mutable -> Result<std::size_t> {
        const std::size_t most = std::min<std::uint64_t>(into.size(), end - at);
        if (most == 0) return std::size_t{0};
        CAD_ASSIGN(const std::size_t count,
                   object->read(at, std::as_writable_bytes(into.first(most))));
        if (count == 0) return fail(ErrorCode::integrity, "A stored object is too short.");
        at += count;
        return count;
      },
      end - at};
  return response;
}

}  // namespace cad::http
