// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <deque>

#include "jobs/result.hpp"

namespace cad::jobs {
namespace {

tl::unexpected<Error> broken() {
  return fail(ErrorCode::integrity, "The stored result and its slots do not fit together.");
}

// Slots one by one, read in blocks.
class SlotCursor {
 public:
  SlotCursor() = default;
  SlotCursor(std::shared_ptr<blobs::Reader> object, std::uint64_t first, std::uint64_t end)
      : object_(std::move(object)), next_(first), end_(end) {}

  // None at the end. The slot stays current until advance().
  Result<const SlotRecord*> current() {
    if (next_ >= end_) return static_cast<const SlotRecord*>(nullptr);
    if (next_ < start_ || next_ >= start_ + held_) CAD_TRY(fill());
    return static_cast<const SlotRecord*>(&block_[static_cast<std::size_t>(next_ - start_)]);
  }
  void advance() { ++next_; }
  std::uint64_t position() const { return next_; }

 private:
  Result<void> fill() {
    start_ = next_;
    const std::uint64_t want = std::min<std::uint64_t>(block_.size(), end_ - next_);
    const auto bytes = std::as_writable_bytes(std::span(block_).first(want));
    CAD_ASSIGN(const std::size_t got, object_->read(next_ * sizeof(SlotRecord), bytes));
    if (got != bytes.size()) return broken();
    held_ = want;
    return {};
  }

  std::shared_ptr<blobs::Reader> object_;
  std::uint64_t next_ = 0, end_ = 0, start_ = 0, held_ = 0;
  std::array<SlotRecord, 256> block_{};
};

// A document with the slots that are its own.
struct Level {
  std::shared_ptr<blobs::Reader> object;
  SlotCursor slots;
  std::uint64_t position = 0;
};

struct Plan {
  std::uint64_t result_slots = 0;  // the first that many; the rest belong to `blocks`
  std::uint64_t slots = 0;
  std::uint64_t size = 0;  // of the whole answer
};

bool is_of_blocks(const SlotRecord& slot) { return slot.kind == SlotKind::block_xdata; }

constexpr std::string_view kBlocksName = ",\"blocks\":";

// Checks every slot before the first byte is sent, and adds up the size.
Result<Plan> plan(const Sources& sources, const Inserts& inserts) {
  const std::uint64_t bytes = sources.slots->size();
  if (bytes % sizeof(SlotRecord) != 0) return broken();
  Plan out;
  out.slots = bytes / sizeof(SlotRecord);
  out.result_slots = out.slots;
  out.size = sources.result->size();
  const bool with_blocks = inserts.blocks && sources.blocks;
  const std::uint64_t xdata_size = inserts.xdata && sources.xdata ? sources.xdata->size() : 0;
  SlotCursor cursor(sources.slots, 0, out.slots);
  std::uint64_t last = 0;
  bool in_blocks = false;
  while (true) {
    CAD_ASSIGN(const SlotRecord* slot, cursor.current());
    if (!slot) break;
    if (is_of_blocks(*slot) && !in_blocks) {
      in_blocks = true;
      out.result_slots = cursor.position();
      last = 0;
    }
    if (is_of_blocks(*slot) != in_blocks || slot->offset < last) return broken();
    last = slot->offset;
    if (!in_blocks && slot->offset > sources.result->size()) return broken();
    if (in_blocks && with_blocks && slot->offset > sources.blocks->size()) return broken();
    switch (slot->kind) {
      case SlotKind::job: out.size += inserts.job.size(); break;
      case SlotKind::sheet_image: out.size += image_member(inserts, slot->a).size(); break;
      case SlotKind::tail:
        out.size += inserts.tail.size();
        if (with_blocks) out.size += kBlocksName.size() + sources.blocks->size();
        break;
      case SlotKind::xdata:
      case SlotKind::block_xdata:
        if (xdata_size == 0) break;
        if (slot->b > xdata_size || slot->a > xdata_size - slot->b) return broken();
        if (!in_blocks || with_blocks) out.size += slot->b;
        break;
      default: return broken();
    }
    cursor.advance();
  }
  return out;
}

class Splicer {
 public:
  Splicer(Sources sources, Inserts inserts, const Plan& plan)
      : sources_(std::move(sources)), inserts_(std::move(inserts)), plan_(plan) {
    levels_.push_back({sources_.result, SlotCursor(sources_.slots, 0, plan.result_slots), 0});
  }

  Result<std::optional<Piece>> next() {
    while (ready_.empty() && !levels_.empty()) CAD_TRY(step());
    if (ready_.empty()) return std::optional<Piece>();
    Piece piece = std::move(ready_.front());
    ready_.pop_front();
    return std::optional(std::move(piece));
  }

 private:
  Result<void> step() {
    Level& level = levels_.back();
    CAD_ASSIGN(const SlotRecord* slot, level.slots.current());
    const std::uint64_t until = slot ? slot->offset : level.object->size();
    if (until > level.position) {
      ready_.emplace_back(Range{level.object, level.position, until - level.position});
      level.position = until;
      return {};
    }
    if (!slot) {
      levels_.pop_back();
      return {};
    }
    const SlotRecord record = *slot;
    level.slots.advance();
    insert(record);  // may push a level: `level` is not used any more
    return {};
  }

  void insert(const SlotRecord& slot) {
    switch (slot.kind) {
      case SlotKind::job: ready_.emplace_back(inserts_.job); break;
      case SlotKind::sheet_image:
        ready_.emplace_back(std::string(image_member(inserts_, slot.a)));
        break;
      case SlotKind::tail:
        ready_.emplace_back(inserts_.tail);
        if (!inserts_.blocks || !sources_.blocks) break;
        ready_.emplace_back(std::string(kBlocksName));
        levels_.push_back(
            {sources_.blocks, SlotCursor(sources_.slots, plan_.result_slots, plan_.slots), 0});
        break;
      case SlotKind::xdata:
      case SlotKind::block_xdata:
        if (inserts_.xdata && sources_.xdata)
          ready_.emplace_back(Range{sources_.xdata, slot.a, slot.b});
        break;
    }
  }

  Sources sources_;
  Inserts inserts_;
  Plan plan_;
  std::vector<Level> levels_;
  std::deque<Piece> ready_;
};

}  // namespace

std::string_view image_member(const Inserts& inserts, std::uint64_t sheet) {
  constexpr std::string_view kNone = ",\"imageUrl\":null";
  if (sheet >= inserts.sheet_images.size() || inserts.sheet_images[sheet].empty()) return kNone;
  return inserts.sheet_images[sheet];
}

Result<ResultStream> splice(Sources sources, Inserts inserts) {
  CAD_ASSIGN(const Plan planned, plan(sources, inserts));
  auto splicer = std::make_shared<Splicer>(std::move(sources), std::move(inserts), planned);
  auto reader = std::make_shared<PieceReader>([splicer] { return splicer->next(); });
  return ResultStream{planned.size, [reader](std::span<char> into) { return reader->read(into); }};
}

}  // namespace cad::jobs
