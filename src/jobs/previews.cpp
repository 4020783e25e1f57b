// SPDX-License-Identifier: Apache-2.0
#include "jobs/previews.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "jobs/part_store.hpp"
#include "jobs/pieces.hpp"

namespace cad::jobs {

bool is_preview_key(const blobs::Key& key) {
  return key.starts_with("results/") && key.find("-png-") != key.npos;
}

std::string preview_path(std::string_view job_id, std::int64_t number) {
  return "/v1/previews/" + std::string(job_id) + "/" + std::to_string(number) + ".png";
}

Result<std::vector<PreviewUrl>> preview_urls(const Services& services, const store::Job& job,
                                             const std::string& base_url) {
  std::vector<PreviewUrl> urls;
  if (job.status != store::JobStatus::completed) return urls;
  CAD_ASSIGN(const auto parts, services.jobs().parts(job.id));
  const std::int64_t expires = (services.clock() + services.settings.url_life.count()) / 1000;
  for (const store::Part& part : parts) {
    if (part.kind != "png") continue;
    if (job.result_attempt) {
      const auto key = part_key(job.id, *job.result_attempt, "png", part.number);
      CAD_ASSIGN(const auto link,
                 services.blobs.link(key, std::chrono::duration_cast<std::chrono::seconds>(
                                              services.settings.url_life)));
      if (link) {
        urls.push_back({part.number, *link});
        continue;
      }
    }
    const std::string path = preview_path(job.id, part.number);
    urls.push_back({part.number, base_url + path + services.signer.query("GET", path, expires)});
  }
  return urls;
}

Result<std::unique_ptr<blobs::Reader>> open_preview(const Services& services,
                                                    std::string_view job_id, std::int64_t number) {
  CAD_ASSIGN(const store::Job job, services.jobs().find(job_id));
  if (!job.result_attempt) return fail(ErrorCode::not_found, "There is no such preview.");
  return services.blobs.open(part_key(job.id, *job.result_attempt, "png", number));
}

Result<std::vector<Sheet>> sheets_of(const Services& services, const store::Job& job) {
  constexpr std::uint64_t kMostSummary = 64u << 20;
  CAD_ASSIGN(const auto reader, open_part(services.blobs, job.id, job.result_attempt.value_or(0),
                                          PartKind::summary, 0));
  CAD_ASSIGN(const std::string text, read_all(*reader, kMostSummary));
  const auto summary = nlohmann::json::parse(text, nullptr, false);
  std::vector<Sheet> sheets;
  if (!summary.is_object() || !summary.contains("sheets") || !summary["sheets"].is_array())
    return fail(ErrorCode::integrity, "The stored summary is damaged.");
  for (const auto& sheet : summary["sheets"]) {
    const auto key = sheet.is_object() ? sheet.find("key") : sheet.end();
    const bool has_key = sheet.is_object() && key != sheet.end() && key->is_string();
    sheets.push_back({static_cast<std::int64_t>(sheets.size()),
                      has_key ? key->get<std::string>() : std::string()});
  }
  return sheets;
}

Result<Sheet> find_sheet(const Services& services, const store::Job& job, std::string_view name) {
  CAD_ASSIGN(const auto sheets, sheets_of(services, job));
  if (name.empty() && !sheets.empty()) return sheets.front();
  for (const Sheet& sheet : sheets)
    if (sheet.key == name) return sheet;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (error == std::errc() && end == name.data() + name.size() && index < sheets.size())
    return sheets[index];
  return fail(ErrorCode::not_found, "The drawing has no such sheet; see the keys in its result.");
}

}  // namespace cad::jobs
