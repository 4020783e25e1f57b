// SPDX-License-Identifier: Apache-2.0
#include "jobs/entities.hpp"

#include <algorithm>
#include <charconv>

#include "base/parts.hpp"
#include "crypto/bytes.hpp"
#include "jobs/part_store.hpp"
#include "jobs/previews.hpp"

namespace cad::jobs {
namespace {

tl::unexpected<Error> broken() {
  return fail(ErrorCode::integrity, "The stored index does not fit its result.");
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

struct Index {
  IndexHeader header;
  std::vector<bool> layers, types;  // by number: wanted?
  std::uint64_t records_at = 0;
};

Result<Index> read_index(blobs::Reader& reader, const EntityQuery& query) {
  constexpr std::uint32_t kMostNames = 256u << 20;
  Index index;
  CAD_ASSIGN(const std::size_t got,
             reader.read(0, std::as_writable_bytes(std::span(&index.header, 1))));
  const IndexHeader& header = index.header;
  if (got != sizeof(IndexHeader) || header.magic != IndexHeader{}.magic || header.version != 1 ||
      header.name_bytes > kMostNames)
    return broken();
  index.records_at = (sizeof(IndexHeader) + header.name_bytes + 7) / 8 * 8;
  const std::uint64_t size = reader.size();
  if (index.records_at > size ||
      header.record_count > (size - index.records_at) / sizeof(IndexRecord) ||
      std::uint64_t{header.layer_count} + header.type_count > header.name_bytes)
    return broken();
  std::string names(header.name_bytes, '\0');
  CAD_ASSIGN(const std::size_t read,
             reader.read(sizeof(IndexHeader), std::as_writable_bytes(std::span(names))));
  if (read != names.size()) return broken();
  const auto wanted = [](std::string_view name, const std::vector<std::string>& list) {
    return list.empty() || std::any_of(list.begin(), list.end(), [&](const std::string& one) {
             return same_name(one, name);
           });
  };
  std::string_view rest = names;
  for (std::uint64_t i = 0; i < std::uint64_t{header.layer_count} + header.type_count; ++i) {
    const auto end = rest.find('\0');
    if (end == rest.npos) return broken();
    const bool layer = i < header.layer_count;
    (layer ? index.layers : index.types)
        .push_back(wanted(rest.substr(0, end), layer ? query.layers : query.types));
    rest.remove_prefix(end + 1);
  }
  return index;
}

bool touches(const IndexRecord& record, const std::array<double, 4>& box) {
  // An unknown box (NaN) touches nothing: every comparison with it is false.
  return record.min_x <= box[2] && record.max_x >= box[0] && record.min_y <= box[3] &&
         record.max_y >= box[1];
}

}  // namespace

Result<EntityPage> search_index(blobs::Reader& reader, const std::shared_ptr<blobs::Reader>& result,
                                const EntityQuery& query, std::optional<std::int64_t> sheet) {
  CAD_ASSIGN(const Index index, read_index(reader, query));
  EntityPage page;
  std::vector<IndexRecord> block(1024);
  const std::uint64_t count = index.header.record_count;
  for (std::uint64_t at = query.start; at < count;) {
    const std::size_t here = std::min<std::uint64_t>(block.size(), count - at);
    const auto bytes = std::as_writable_bytes(std::span(block).first(here));
    CAD_ASSIGN(const std::size_t got,
               reader.read(index.records_at + at * sizeof(IndexRecord), bytes));
    if (got != bytes.size()) return broken();
    for (std::size_t i = 0; i < here; ++i, ++at) {
      const IndexRecord& record = block[i];
      if (record.layer >= index.layers.size() || record.type >= index.types.size() ||
          record.length > result->size() || record.offset > result->size() - record.length)
        return broken();
      if (!index.layers[record.layer] || !index.types[record.type]) continue;
      if (sheet && record.sheet != *sheet) continue;
      if (query.bbox && !touches(record, *query.bbox)) continue;
      if (static_cast<std::int64_t>(page.entities.size()) == query.limit) {
        page.next = at;
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
