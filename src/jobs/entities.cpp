// SPDX-License-Identifier: Apache-2.0
#include "jobs/entities.hpp"

#include <algorithm>
#include <charconv>

#include "crypto/bytes.hpp"
#include "jobs/entity_index.hpp"
#include "jobs/part_store.hpp"
#include "jobs/previews.hpp"

namespace cad::jobs {
namespace {

tl::unexpected<Error> broken() {
  return fail(ErrorCode::integrity, "The stored index does not fit its result.");
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// By number: wanted?
struct WantedNames {
  std::vector<bool> layers, types;
};

Result<WantedNames> wanted_names(const EntityIndex& index, const EntityQuery& query) {
  const auto wanted = [](std::string_view name, const std::vector<std::string>& list) {
    return list.empty() || std::any_of(list.begin(), list.end(), [&](const std::string& one) {
             return same_name(one, name);
           });
  };
  CAD_ASSIGN(const std::string names, index.names());
  const IndexHeader& header = index.header();
  WantedNames out;
  std::string_view rest = names;
  for (std::uint64_t i = 0; i < std::uint64_t{header.layer_count} + header.type_count; ++i) {
    const auto end = rest.find('\0');
    if (end == rest.npos) return broken();
    const bool layer = i < header.layer_count;
    (layer ? out.layers : out.types)
        .push_back(wanted(rest.substr(0, end), layer ? query.layers : query.types));
    rest.remove_prefix(end + 1);
  }
  return out;
}

// Which records a query can be about at all.
struct Bounds {
  std::uint64_t first = 0, end = 0;
};
Result<Bounds> bounds_of(const EntityIndex& index, const EntityQuery& query,
                         const std::optional<std::int64_t>& sheet) {
  Bounds bounds{query.start, index.count()};
  const std::optional<std::int64_t> where = query.index ? sheet.value_or(0) : sheet;
  if (!where) return bounds;
  const auto number = static_cast<std::uint64_t>(*where);
  CAD_ASSIGN(const std::uint64_t first, index.first_of_sheet(number));
  CAD_ASSIGN(bounds.end, index.first_of_sheet(number + 1));
  bounds.first = std::max(bounds.first, first);
  if (query.index) {
    if (*query.index >= bounds.end - first) return Bounds{};
    bounds = {first + *query.index, first + *query.index + 1};
  }
  return bounds;
}

// The index has the lower half of a handle, and nothing in results of before it had any: the entity
// itself says the rest, in its first members.
Result<bool> has_handle(const IndexRecord& record, const std::shared_ptr<blobs::Reader>& result,
                        std::uint64_t handle) {
  constexpr std::size_t kMembers = 128;
  if (record.handle != 0 && record.handle != static_cast<std::uint32_t>(handle)) return false;
  std::string head(std::min<std::size_t>(record.length, kMembers), '\0');
  CAD_ASSIGN(const std::size_t got,
             result->read(record.offset, std::as_writable_bytes(std::span(head))));
  std::array<char, 16> digits{};
  const auto [end, error] = std::to_chars(digits.begin(), digits.end(), handle, 16);
  std::string wanted(digits.begin(), end);
  for (char& c : wanted) c = upper(c);
  return head.substr(0, got).find("\"handle\":\"" + wanted + "\"") != head.npos;
}

bool touches(const IndexRecord& record, const std::array<double, 4>& box) {
  // An unknown box (NaN) touches nothing: every comparison with it is false.
  return record.min_x <= box[2] && record.max_x >= box[0] && record.min_y <= box[3] &&
         record.max_y >= box[1];
}

}  // namespace

Result<EntityPage> search_index(blobs::Reader& reader, const std::shared_ptr<blobs::Reader>& result,
                                const EntityQuery& query, std::optional<std::int64_t> sheet) {
  CAD_ASSIGN(const EntityIndex index, EntityIndex::open(reader));
  CAD_ASSIGN(const WantedNames names, wanted_names(index, query));
  CAD_ASSIGN(const Bounds bounds, bounds_of(index, query, sheet));
  EntityPage page;
  std::vector<IndexRecord> block(1024);
  for (std::uint64_t at = bounds.first; at < bounds.end;) {
    const auto some = std::span(block).first(std::min(block.size(), bounds.end - at));
    CAD_TRY(index.read(at, some));
    for (const IndexRecord& record : some) {
      const std::uint64_t number = at++;
      if (record.layer >= names.layers.size() || record.type >= names.types.size() ||
          record.length > result->size() || record.offset > result->size() - record.length)
        return broken();
      if (!names.layers[record.layer] || !names.types[record.type]) continue;
      if (query.bbox && !touches(record, *query.bbox)) continue;
      if (query.handle) {
        CAD_ASSIGN(const bool it_is, has_handle(record, result, *query.handle));
        if (!it_is) continue;
      }
      if (static_cast<std::int64_t>(page.entities.size()) == query.limit) {
        page.next = number;
        return page;
      }
      page.entities.push_back({result, record.offset, record.length});
    }
  }
  return page;
}

Result<EntityPage> find_entities(const Services& services, const store::Job& job,
                                 const EntityQuery& query) {
  std::optional<std::int64_t> sheet;
  if (query.sheet) {
    CAD_ASSIGN(const Sheet found, find_sheet(services, job, *query.sheet));
    sheet = found.index;
  }
  CAD_ASSIGN(const auto index, open_part(services, job, PartKind::index));
  CAD_ASSIGN(std::unique_ptr<blobs::Reader> opened, open_part(services, job, PartKind::result));
  const std::shared_ptr<blobs::Reader> result = std::move(opened);
  return search_index(*index, result, query, sheet);
}

std::string encode_entity_cursor(std::uint64_t record) {
  return crypto::to_base64url(crypto::as_bytes("e" + std::to_string(record)));
}

std::optional<std::uint64_t> decode_entity_cursor(std::string_view text) {
  const auto plain = crypto::from_base64url(text);
  if (!plain || plain->empty() || plain->front() != 'e') return std::nullopt;
  std::uint64_t record = 0;
  const char* const end = plain->data() + plain->size();
  const auto [stop, error] = std::from_chars(plain->data() + 1, end, record);
  if (error != std::errc() || stop != end) return std::nullopt;
  return record;
}

}  // namespace cad::jobs
