// SPDX-License-Identifier: Apache-2.0
#include "jobs/result.hpp"

#include <nlohmann/json.hpp>

#include "jobs/names.hpp"
#include "jobs/older_result.hpp"
#include "jobs/part_store.hpp"
#include "jobs/previews.hpp"

namespace cad::jobs {
namespace {

std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

Result<std::shared_ptr<blobs::Reader>> part_of(const Services& services, const store::Job& job,
                                               PartKind kind) {
  CAD_ASSIGN(std::unique_ptr<blobs::Reader> reader, open_part(services, job, kind));
  return std::shared_ptr<blobs::Reader>(std::move(reader));
}

std::string job_members(const store::Job& job) {
  return "\"jobId\":" + quoted(job.id) + ",\"status\":\"COMPLETED\"";
}

std::string end_members(const store::Job& job, bool sync_answer) {
  std::string end = ",\"createdAt\":" + quoted(iso_time(job.created_at));
  if (sync_answer)
    end += ",\"job_id\":" + quoted(job.id) + ",\"fileName\":" + quoted(job.file_name) +
           ",\"fileSize\":" + std::to_string(job.file_size) +
           ",\"completedAt\":" + quoted(iso_time(job.completed_at.value_or(job.updated_at)));
  return end;
}

std::string tail_of(const store::Job& job, const std::vector<PreviewUrl>& previews,
                    bool sync_answer) {
  std::string list, first = "null";
  for (const PreviewUrl& preview : previews) {
    if (list.empty()) first = quoted(preview.url);
    list += (list.empty() ? "" : ",") + quoted(preview.url);
  }
  return ",\"imageUrl\":" + first + ",\"imageUrls\":[" + list + "]" + end_members(job, sync_answer);
}

Result<ResultStream> open_older(const Services& services, const store::Job& job,
                                const ResultOptions& options) {
  CAD_ASSIGN(const auto preview, first_preview_url(services, job, options.base_url));
  CAD_ASSIGN(const auto result, part_of(services, job, PartKind::result));
  CAD_ASSIGN(const auto slots, part_of(services, job, PartKind::slots));
  CAD_ASSIGN(const std::string summary_json, stored_summary(services, job));
  OlderTexts texts;
  texts.head = "{" + job_members(job);
  CAD_ASSIGN(texts.metadata, older_metadata(summary_json));
  texts.tail = ",\"imageUrl\":" + (preview ? quoted(*preview) : "null") +
               end_members(job, options.sync_answer) + "}";
  return convert_to_older(result, *slots, std::move(texts));
}

}  // namespace

std::string_view to_string(ResultSchema schema) {
  switch (schema) {
    case ResultSchema::v2_0_0: return "2.0.0";
    case ResultSchema::v2024_01: return "2024-01";
  }
  return "";
}

std::optional<ResultSchema> parse_result_schema(std::string_view text) {
  for (const ResultSchema schema : {ResultSchema::v2_0_0, ResultSchema::v2024_01})
    if (to_string(schema) == text) return schema;
  return std::nullopt;
}

Result<Inserts> inserts_of(const Services& services, const store::Job& job,
                           const ResultOptions& options) {
  CAD_ASSIGN(const auto previews, preview_urls(services, job, options.base_url));
  Inserts inserts;
  inserts.blocks = options.blocks;
  inserts.xdata = options.xdata;
  inserts.job = "," + job_members(job);
  inserts.tail = tail_of(job, previews, options.sync_answer);
  for (const PreviewUrl& preview : previews) {
    const auto index = static_cast<std::size_t>(preview.number);
    if (inserts.sheet_images.size() <= index) inserts.sheet_images.resize(index + 1);
    inserts.sheet_images[index] = ",\"imageUrl\":" + quoted(preview.url);
  }
  return inserts;
}

Result<ResultStream> open_result(const Services& services, const store::Job& job,
                                 const ResultOptions& options) {
  if (options.schema == ResultSchema::v2024_01) return open_older(services, job, options);
  CAD_ASSIGN(Inserts inserts, inserts_of(services, job, options));
  Sources sources;
  CAD_ASSIGN(sources.result, part_of(services, job, PartKind::result));
  CAD_ASSIGN(sources.slots, part_of(services, job, PartKind::slots));
  if (options.blocks) {
    CAD_ASSIGN(sources.blocks, part_of(services, job, PartKind::blocks));
  }
  if (options.xdata) {
    // A drawing without extended data may have no such part.
    auto xdata = part_of(services, job, PartKind::xdata);
    if (!xdata && xdata.error().code != ErrorCode::not_found) return tl::unexpected(xdata.error());
    if (xdata) sources.xdata = std::move(*xdata);
  }
  return splice(std::move(sources), std::move(inserts));
}

}  // namespace cad::jobs
