// SPDX-License-Identifier: Apache-2.0
#include "jobs/summary.hpp"

#include <deque>

#include "jobs/entity_index.hpp"
#include "jobs/json_filter.hpp"
#include "jobs/part_store.hpp"

namespace cad::jobs {
namespace {

constexpr std::string_view kMember = ",\"entities\":";
constexpr std::size_t kBlock = 64 * 1024;

tl::unexpected<Error> broken() {
  return fail(ErrorCode::integrity, "The stored result has no sheets where they should be.");
}

Result<std::string> text_at(blobs::Reader& object, std::uint64_t at, std::size_t size) {
  std::string text(size, '\0');
  CAD_ASSIGN(const std::size_t got, object.read(at, std::as_writable_bytes(std::span(text))));
  text.resize(got);
  return text;
}

// From inside a sheet on: where the value of its `entities` begins.
Result<std::uint64_t> find_entities_of(blobs::Reader& result, std::uint64_t from) {
  std::uint64_t found = 0;
  JsonFilter sheet(
      [&](const JsonFilter::Member& member) -> JsonFilter::Verdict {
        if (member.name != "entities") return {};
        found = from + member.offset;
        return {JsonFilter::Do::stop, {}};
      },
      JsonFilter::Start::inside_object);
  std::string nothing;
  for (std::uint64_t at = from; found == 0;) {
    CAD_ASSIGN(const std::string block, text_at(result, at, kBlock));
    CAD_TRY(sheet.feed(block, nothing));
    if (block.empty() || (sheet.ended() && found == 0)) return broken();
    at += block.size();
  }
  return found;
}

// Walks through the slots that are outside of all entities.
class Cutter {
 public:
  Cutter(const std::shared_ptr<blobs::Reader>& result, blobs::Reader& slots,
         const EntityIndex& index, const Inserts& inserts)
      : result_(result), slots_(slots), index_(index), inserts_(inserts) {}

  Result<std::deque<Piece>> pieces() {
    const std::uint64_t count = slots_.size() / sizeof(SlotRecord);
    for (std::uint64_t number = 0; !ended_;) {
      if (number >= count) return broken();
      CAD_ASSIGN(const SlotRecord slot, slot_at(number));
      CAD_TRY(take(slot));
      CAD_ASSIGN(number, first_behind(number + 1, count));
    }
    CAD_TRY(copy_until(result_->size()));
    return std::move(pieces_);
  }

 private:
  Result<SlotRecord> slot_at(std::uint64_t number) {
    SlotRecord slot;
    CAD_ASSIGN(const std::size_t got, slots_.read(number * sizeof(SlotRecord),
                                                  std::as_writable_bytes(std::span(&slot, 1))));
    if (got != sizeof(slot)) return broken();
    return slot;
  }

  // Those of the result are sorted, and a million of them may lie in entities.
  Result<std::uint64_t> first_behind(std::uint64_t first, std::uint64_t end) {
    while (first < end) {
      const std::uint64_t middle = first + (end - first) / 2;
      CAD_ASSIGN(const SlotRecord slot, slot_at(middle));
      const bool before = slot.kind != SlotKind::block_xdata && slot.offset < at_;
      if (before)
        first = middle + 1;
      else
        end = middle;
    }
    return first;
  }

  Result<void> copy_until(std::uint64_t offset) {
    if (offset < at_ || offset > result_->size()) return broken();
    if (offset > at_) pieces_.emplace_back(Range{result_, at_, offset - at_});
    at_ = offset;
    return {};
  }

  Result<void> take(const SlotRecord& slot) {
    CAD_TRY(copy_until(slot.offset));
    switch (slot.kind) {
      case SlotKind::job: pieces_.emplace_back(inserts_.job); return {};
      case SlotKind::sheet_image: return take_sheet(slot.a);
      case SlotKind::tail:
        pieces_.emplace_back(inserts_.tail);
        ended_ = true;
        return {};
      case SlotKind::xdata:
      case SlotKind::block_xdata: break;
    }
    return broken();
  }

  Result<void> take_sheet(std::uint64_t sheet) {
    pieces_.emplace_back(std::string(image_member(inserts_, sheet)));
    CAD_ASSIGN(const std::uint64_t value, find_entities_of(*result_, at_));
    CAD_TRY(copy_until(value - kMember.size()));
    CAD_ASSIGN(const std::uint64_t end, end_of_entities(sheet, value));
    CAD_ASSIGN(const std::string member, text_at(*result_, at_, kMember.size()));
    CAD_ASSIGN(const std::string closing, text_at(*result_, end - 1, 2));
    if (member != kMember || closing != "]}") return broken();
    at_ = end;
    return {};
  }

  // Behind their "]".
  Result<std::uint64_t> end_of_entities(std::uint64_t sheet, std::uint64_t value) {
    CAD_ASSIGN(const std::uint64_t first, index_.first_of_sheet(sheet));
    CAD_ASSIGN(const std::uint64_t behind, index_.first_of_sheet(sheet + 1));
    constexpr std::uint64_t kOfNone = 2;
    if (behind <= first) return value + kOfNone;
    IndexRecord last;
    CAD_TRY(index_.read(behind - 1, std::span(&last, 1)));
    const std::uint64_t size = result_->size();
    if (last.offset <= value || last.offset > size || last.length >= size - last.offset)
      return broken();
    return last.offset + last.length + 1;
  }

  std::shared_ptr<blobs::Reader> result_;
  blobs::Reader& slots_;
  const EntityIndex& index_;
  const Inserts& inserts_;
  std::deque<Piece> pieces_;
  std::uint64_t at_ = 0;  // what of the result is dealt with
  bool ended_ = false;
};

std::uint64_t size_of(const std::deque<Piece>& pieces) {
  std::uint64_t size = 0;
  for (const Piece& piece : pieces) {
    const auto* range = std::get_if<Range>(&piece);
    size += range != nullptr ? range->length : std::get<std::string>(piece).size();
  }
  return size;
}

}  // namespace

Result<ResultStream> leave_out_entities(const std::shared_ptr<blobs::Reader>& result,
                                        blobs::Reader& slots, blobs::Reader& index,
                                        const Inserts& inserts) {
  CAD_ASSIGN(const EntityIndex records, EntityIndex::open(index));
  CAD_ASSIGN(std::deque<Piece> pieces, Cutter(result, slots, records, inserts).pieces());
  const std::uint64_t size = size_of(pieces);
  auto reader = std::make_shared<PieceReader>(
      [pieces = std::move(pieces)]() mutable -> Result<std::optional<Piece>> {
        if (pieces.empty()) return std::optional<Piece>();
        Piece piece = std::move(pieces.front());
        pieces.pop_front();
        return std::optional(std::move(piece));
      });
  return ResultStream{size, [reader](std::span<char> into) { return reader->read(into); }};
}

Result<ResultStream> open_summary(const Services& services, const store::Job& job,
                                  const std::string& base_url) {
  ResultOptions options;
  options.base_url = base_url;
  CAD_ASSIGN(const Inserts inserts, inserts_of(services, job, options));
  CAD_ASSIGN(std::unique_ptr<blobs::Reader> opened, open_part(services, job, PartKind::result));
  CAD_ASSIGN(const auto slots, open_part(services, job, PartKind::slots));
  CAD_ASSIGN(const auto index, open_part(services, job, PartKind::index));
  return leave_out_entities(std::move(opened), *slots, *index, inserts);
}

}  // namespace cad::jobs
