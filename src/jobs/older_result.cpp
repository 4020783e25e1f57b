// SPDX-License-Identifier: Apache-2.0
#include "jobs/older_result.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/parts.hpp"
#include "jobs/json_filter.hpp"

namespace cad::jobs {
namespace {

using Do = JsonFilter::Do;

constexpr std::size_t kBlock = 64 * 1024;

tl::unexpected<Error> broken() {
  return fail(ErrorCode::integrity, "The stored result has no model space where it should be.");
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// An entity's members go to its root: where two have one name, the geometry's yields.
JsonFilter::Verdict older_entity(const JsonFilter::Member& member) {
  const std::string_view name = member.name;
  if (member.object == "geometry")
    return {Do::copy, name == "id" ? std::string_view("viewportId") : name};
  if (member.object == "text") {
    if (name == "value") return {Do::copy, "text"};
    return {name == "height" ? Do::copy : Do::skip, name};
  }
  if (member.object == "reference") return {name == "blockName" ? Do::copy : Do::skip, name};
  if (member.object == "properties")
    return {name == "colorIndex" && member.first != 'n' ? Do::copy : Do::skip, name};
  if (is_one_of(name, {"geometry", "text", "reference", "properties"})) return {Do::flatten, {}};
  return {is_one_of(name, {"id", "type", "layer"}) ? Do::copy : Do::skip, name};
}

JsonFilter::Verdict older_layer(const JsonFilter::Member& member) {
  return {member.name == "lineweight" ? Do::skip : Do::copy, member.name};
}

// A part of the stored document from `offset` on, through a filter, one block at a time.
class FilteredRange {
 public:
  FilteredRange(std::shared_ptr<blobs::Reader> object, std::uint64_t offset, JsonFilter filter)
      : object_(std::move(object)), at_(offset), filter_(std::move(filter)) {}

  bool ended() const { return filter_.ended(); }
  // Some text, or the end.
  Result<std::string> next() {
    std::string out;
    while (out.empty() && !filter_.ended()) {
      block_.resize(kBlock);
      CAD_ASSIGN(const std::size_t got,
                 object_->read(at_, std::as_writable_bytes(std::span(block_))));
      if (got == 0) return broken();  // it ends before its arrays do
      at_ += got;
      CAD_TRY(filter_.feed(std::string_view(block_).substr(0, got), out));
    }
    return out;
  }

 private:
  std::shared_ptr<blobs::Reader> object_;
  std::uint64_t at_;
  JsonFilter filter_;
  std::string block_;
};

// Where the first sheet's arrays begin.
struct ModelSpace {
  std::uint64_t layers = 0, entities = 0;
};

// The first sheet is model space. Its imageUrl belongs behind its index, so the slot for that
// leads into it.
Result<std::uint64_t> find_first_sheet(blobs::Reader& slots) {
  std::array<SlotRecord, 8> records{};
  CAD_ASSIGN(const std::size_t got, slots.read(0, std::as_writable_bytes(std::span(records))));
  for (std::size_t i = 0; i < got / sizeof(SlotRecord); ++i)
    if (records[i].kind == SlotKind::sheet_image && records[i].a == 0) return records[i].offset;
  return broken();
}

Result<ModelSpace> find_model_space(const std::shared_ptr<blobs::Reader>& result,
                                    blobs::Reader& slots) {
  CAD_ASSIGN(const std::uint64_t offset, find_first_sheet(slots));
  ModelSpace found;
  const auto look = [&found, offset](const JsonFilter::Member& member) -> JsonFilter::Verdict {
    if (member.name == "layers") found.layers = offset + member.offset;
    if (member.name != "entities") return {};
    found.entities = offset + member.offset;
    return {Do::stop, {}};
  };
  FilteredRange sheet(result, offset, JsonFilter(look, JsonFilter::Start::inside_object));
  CAD_TRY(sheet.next());
  if (found.layers == 0 || found.entities == 0) return broken();
  return found;
}

// head, entities, layersJson, metadata, tail: one after the other.
class OlderDocument {
 public:
  OlderDocument(const std::shared_ptr<blobs::Reader>& result, ModelSpace places, OlderTexts texts)
      : texts_(std::move(texts)),
        entities_(result, places.entities, JsonFilter(older_entity)),
        layers_(result, places.layers, JsonFilter(older_layer)) {}

  Result<std::optional<Piece>> next() {
    switch (stage_) {
      case 0: return text(texts_.head + ",\"vectorJson\":{\"entities\":[");
      case 1: return filtered(entities_);
      case 2: return text("]},\"layersJson\":[");
      case 3: return filtered(layers_);
      case 4: return text("],\"metadata\":" + texts_.metadata + texts_.tail);
      default: return std::optional<Piece>();
    }
  }

 private:
  Result<std::optional<Piece>> text(std::string piece) {
    ++stage_;
    return std::optional<Piece>(std::move(piece));
  }
  Result<std::optional<Piece>> filtered(FilteredRange& range) {
    CAD_ASSIGN(std::string piece, range.next());
    if (range.ended()) ++stage_;
    if (piece.empty()) return next();
    return std::optional<Piece>(std::move(piece));
  }

  OlderTexts texts_;
  FilteredRange entities_, layers_;
  int stage_ = 0;
};

}  // namespace

Result<std::string> older_metadata(std::string_view summary_json) {
  using Json = nlohmann::ordered_json;
  const auto wanted = [](int depth, Json::parse_event_t event, Json& parsed) {
    return depth != 1 || event != Json::parse_event_t::key || parsed == "metadata";
  };
  const Json summary = Json::parse(summary_json, wanted, false);
  if (!summary.is_object() || !summary.contains("metadata") || !summary["metadata"].is_object())
    return fail(ErrorCode::integrity, "The stored summary is damaged.");
  const Json& metadata = summary["metadata"];
  Json older = Json::object();
  for (const char* name : {"filename", "format", "dwgVersion", "units", "boundingBox", "truncated"})
    if (const auto found = metadata.find(name); found != metadata.end()) older[name] = *found;
  return older.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<ResultStream> convert_to_older(const std::shared_ptr<blobs::Reader>& result,
                                      blobs::Reader& slots, OlderTexts texts) {
  CAD_ASSIGN(const ModelSpace places, find_model_space(result, slots));
  auto document = std::make_shared<OlderDocument>(result, places, std::move(texts));
  auto reader = std::make_shared<PieceReader>([document] { return document->next(); });
  return ResultStream{std::nullopt, [reader](std::span<char> into) { return reader->read(into); }};
}

}  // namespace cad::jobs
