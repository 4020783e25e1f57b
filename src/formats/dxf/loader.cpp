// SPDX-License-Identifier: Apache-2.0
#include "formats/dxf/loader.hpp"

#include <algorithm>
#include <cstring>

namespace cad::dxf {

bool is_model_space(std::string_view block_name) {
  const std::string name = fold_case(block_name.substr(0, 16));
  return name == "*model_space" || name == "$model_space";
}

bool is_paper_space(std::string_view block_name) {
  const std::string name = fold_case(block_name.substr(0, 16));
  return name.starts_with("*paper_space") || name.starts_with("$paper_space");
}

Loader::Loader(TagCursor& tags, const ReadContext& context)
    : tags_(tags), context_(context), names_(drawing_, context.limits, context.diagnostics) {
  encoding_.guess_utf8 = true;
  names_.block("*Model_Space");
}

void Loader::warn(std::string_view code, std::string_view subject, std::string_view message) {
  constexpr std::size_t kLongestTypeName = 64;
  if (subject.size() > kLongestTypeName || !is_ascii(subject)) subject = "DXF";
  diagnostics().warn(code, subject, message, tags_.where());
}

std::string Loader::decode(std::string_view raw) {
  if (raw.size() > limits().max_string_bytes) {
    raw = raw.substr(0, limits().max_string_bytes);
    warn("LIMIT_STRING", "DXF", "A text is longer than what is read; its end is cut off.");
  }
  CadTextIssues issues;
  std::string text = decode_cad_text(raw, encoding_, issues);
  if (issues.invalid_utf8)
    warn("DXF_INVALID_UTF8", "DXF",
         "A text is not valid UTF-8 as the file's version requires; read in the drawing's code "
         "page instead.");
  if (issues.lost_bytes != 0)
    warn("DXF_UNKNOWN_CHARACTER", "DXF",
         "A text holds bytes that mean nothing in the drawing's code page.");
  if (!tags_.is_binary() && text.find('^') != std::string::npos) return decode_carets(text);
  return text;
}

LayerId Loader::layer(std::string_view raw) {
  if (raw.empty()) return names_.layer({});
  std::uint64_t key = raw.size();
  const std::size_t tail = std::min<std::size_t>(raw.size(), 8);
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, raw.data() + raw.size() - tail, tail);
  key = (key ^ bytes) * 0x9E3779B97F4A7C15u;
  CachedLayer& cached = layer_cache_[key >> 56];
  if (cached.id.valid() && cached.raw == raw) return cached.id;
  const LayerId id = names_.layer(decode(raw));
  cached = {raw, id};
  return id;
}

bool Loader::room_for_entity(bool in_block) {
  std::size_t& have = in_block ? block_entities_ : entities_;
  const std::size_t most = in_block ? limits().max_block_entities : limits().max_entities;
  if (have < most) {
    ++have;
    return true;
  }
  drawing_.truncated = true;
  diagnostics().warn(in_block ? "LIMIT_BLOCK_ENTITIES" : "LIMIT_ENTITIES", "ENTITIES",
                     in_block
                         ? "The blocks hold more entities than are read; the rest are left out."
                         : "The drawing holds more entities than are read; the first ones are "
                           "kept, the rest are left out.",
                     tags_.where());
  return false;
}

bool Loader::room_for_vertex(std::size_t have, std::string_view type) {
  if (have < limits().max_vertices_per_entity && drawing_.vertices < limits().max_total_vertices) {
    ++drawing_.vertices;
    return true;
  }
  warn("LIMIT_VERTICES", type, "An entity has more vertices than are read; its end is left out.");
  return false;
}

bool Loader::room_for_xdata(std::size_t bytes) {
  if (xdata_bytes_ + bytes <= limits().max_xdata_bytes) {
    xdata_bytes_ += bytes;
    return true;
  }
  diagnostics().warn("LIMIT_XDATA", "XDATA",
                     "The drawing holds more extended data than is read; the rest is left out.",
                     tags_.where());
  return false;
}

bool Loader::room_for_dash() {
  if (dashes_ < limits().max_dashes) {
    ++dashes_;
    return true;
  }
  warn("LIMIT_DASHES", "LTYPE",
       "The linetypes have more dashes than are read; the rest is left out.");
  return false;
}

void Loader::report_progress() {
  const std::uint64_t done = tags_.offset();
  if (context_.progress == nullptr || done < reported_ + (1u << 20)) return;
  reported_ = done;
  context_.progress(context_.progress_user, done, tags_.size());
}

void Loader::add_class(ClassInfo info) {
  if (classes_.size() >= limits().max_table_records) return;
  class_names_.try_emplace(info.dxf_name, classes_.size());
  classes_.push_back(std::move(info));
}

const ClassInfo* Loader::class_named(std::string_view dxf_name) const {
  const auto it = class_names_.find(dxf_name);
  return it == class_names_.end() ? nullptr : &classes_[it->second];
}

const ClassInfo* Loader::class_of_id(std::int64_t id) const {
  const auto index = static_cast<std::uint64_t>(id - 500);
  return id >= 500 && index < classes_.size() ? &classes_[index] : nullptr;
}

Extra& Loader::extra_of(ExtraId& id) {
  if (!id.valid()) {
    id.index = static_cast<std::uint32_t>(drawing_.extras.size());
    drawing_.extras.emplace_back();
  }
  return drawing_.extras[id.index];
}

}  // namespace cad::dxf
