// SPDX-License-Identifier: Apache-2.0
// Some entities of a result, found through the index part: nobody downloads megabytes to read one
// layer.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "jobs/pieces.hpp"
#include "jobs/services.hpp"

namespace cad::jobs {

struct EntityQuery {
  // Any of them; empty: all. ASCII case is ignored.
  std::vector<std::string> layers = {}, types = {};
  std::optional<std::string> sheet = {};           // key or index
  std::optional<std::array<double, 4>> bbox = {};  // minX, minY, maxX, maxY: touching it
  std::optional<std::uint64_t> handle = {};
  std::optional<std::uint64_t> index = {};  // in the sheet's list, of the first one without a sheet
  std::int64_t limit = 100;
  std::uint64_t start = 0;  // index record to go on from
};

struct EntityPage {
  std::vector<Range> entities;  // JSON objects in the result document, its order
  std::optional<std::uint64_t> next;
};

Result<EntityPage> find_entities(const Services& services, const store::Job& job,
                                 const EntityQuery& query);
// The same on open objects; `sheet` as an index. INTEGRITY when the index does not fit the result.
Result<EntityPage> search_index(blobs::Reader& index, const std::shared_ptr<blobs::Reader>& result,
                                const EntityQuery& query, std::optional<std::int64_t> sheet);

std::string encode_entity_cursor(std::uint64_t record);
std::optional<std::uint64_t> decode_entity_cursor(std::string_view text);

}  // namespace cad::jobs
