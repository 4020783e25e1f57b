// SPDX-License-Identifier: Apache-2.0
#include "jobs/entities.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "http/endpoints/endpoints.hpp"
#include "http/views.hpp"
#include "jobs/status.hpp"

namespace cad::http {
namespace {

constexpr std::int64_t kMostIndex = std::numeric_limits<std::uint32_t>::max();

// Repeated or with commas; a CAD layer name cannot hold a comma.
std::vector<std::string> read_names(const Request& request, std::string_view name) {
  std::vector<std::string> names;
  for (std::string_view list : request.query_values(name)) {
    while (true) {
      const auto comma = list.find(',');
      if (const auto one = list.substr(0, comma); !one.empty()) names.emplace_back(one);
      if (comma == list.npos) break;
      list.remove_prefix(comma + 1);
    }
  }
  return names;
}

std::optional<std::array<double, 4>> read_box(std::string_view text) {
  std::array<double, 4> box{};
  for (std::size_t i = 0; i < box.size(); ++i) {
    const auto comma = text.find(',');
    const std::string_view one = text.substr(0, comma);
    const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), box[i]);
    if (one.empty() || error != std::errc() || end != one.data() + one.size() ||
        !std::isfinite(box[i]) || (comma == text.npos) != (i == 3))
      return std::nullopt;
    text.remove_prefix(comma == text.npos ? text.size() : comma + 1);
  }
  if (box[0] > box[2] || box[1] > box[3]) return std::nullopt;
  return box;
}

std::optional<std::uint64_t> read_handle(std::string_view text) {
  std::uint64_t handle = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), handle, 16);
  if (error != std::errc() || end != text.data() + text.size() || handle == 0) return std::nullopt;
  return handle;
}

jobs::EntityQuery read_query(const Request& request, FieldErrors& errors) {
  jobs::EntityQuery query;
  query.layers = read_names(request, "layer");
  query.types = read_names(request, "type");
  if (const auto sheet = request.query_value("sheet")) query.sheet = *sheet;
  query.limit = query_integer(request, "limit", 1, 1000, 100, errors);
  if (const auto text = request.query_value("bbox")) {
    query.bbox = read_box(*text);
    if (!query.bbox) errors.fields["bbox"].push_back("Must be minX,minY,maxX,maxY.");
  }
  if (const auto text = request.query_value("handle")) {
    query.handle = read_handle(*text);
    if (!query.handle) errors.fields["handle"].push_back("Must be hexadecimal digits, like 2F.");
  }
  if (request.query_value("index"))
    query.index =
        static_cast<std::uint64_t>(query_integer(request, "index", 0, kMostIndex, 0, errors));
  if (const auto text = request.query_value("cursor")) {
    const auto start = jobs::decode_entity_cursor(*text);
    if (!start) errors.fields["cursor"].push_back("Must be a nextCursor of an earlier answer.");
    query.start = start.value_or(0);
  }
  return query;
}

}  // namespace

Answer get_entities(Call& call) {
  FieldErrors errors;
  const jobs::EntityQuery query = read_query(call.request, errors);
  CAD_ASSIGN(const store::Job job,
             jobs::find_completed_job(call.services(), call.principal, call.params[0]));
  if (!errors.empty()) return tl::unexpected(validation_error(std::move(errors)));
  CAD_ASSIGN(jobs::EntityPage page, jobs::find_entities(call.services(), job, query));

  const std::string head = "{\"jobId\":" + dump(job.id) + ",\"entities\":[";
  const std::string tail = "],\"nextCursor\":" +
                           dump(page.next ? Json(jobs::encode_entity_cursor(*page.next)) : Json()) +
                           "}";
  std::uint64_t size = head.size() + tail.size();
  for (const auto& range : page.entities) size += range.length;
  if (!page.entities.empty()) size += page.entities.size() - 1;

  // Pieces: the head, then entity, comma, entity ..., then the tail.
  const std::size_t last = page.entities.empty() ? 1 : 2 * page.entities.size();
  auto reader = std::make_shared<jobs::PieceReader>(
      [head, tail, last, page = std::move(page),
       at = std::size_t{0}]() mutable -> Result<std::optional<jobs::Piece>> {
        const std::size_t i = at++;
        if (i == 0) return std::optional<jobs::Piece>(head);
        if (i == last) return std::optional<jobs::Piece>(tail);
        if (i > last) return std::optional<jobs::Piece>();
        if (i % 2 == 0) return std::optional<jobs::Piece>(std::string(","));
        return std::optional<jobs::Piece>(page.entities[i / 2]);
      });
  Response response;
  response.headers.set("Content-Type", "application/json; charset=utf-8");
  response.body = Stream{[reader](std::span<char> into) { return reader->read(into); }, size};
  return response;
}

}  // namespace cad::http
