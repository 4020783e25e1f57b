// SPDX-License-Identifier: Apache-2.0
#include "jobs/previews.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "jobs/part_store.hpp"

namespace cad::jobs {

bool is_preview_key(const blobs::Key& key) {
  return key.starts_with("results/") && key.find("-png-") != key.npos;
}

namespace {

std::string path_of(std::string_view job_id, std::string_view file) {
  return "/v1/previews/" + std::string(job_id) + "/" + std::string(file);
}

// Of our own links.
std::string signed_url(const Services& services, const std::string& base_url,
                       const std::string& path) {
  const auto expires = (services.clock() + services.settings.url_life.count()) / 1000;
  return base_url + path + services.signer.query("GET", path, expires);
}

}  // namespace

std::string preview_path(std::string_view job_id, std::int64_t number) {
  return path_of(job_id, std::to_string(number) + ".png");
}

namespace {

// Of sheets that have an image.
Result<std::vector<std::int64_t>> pictured_sheets(const Services& services, const store::Job& job) {
  std::vector<std::int64_t> numbers;
  if (job.status != store::JobStatus::completed) return numbers;
  CAD_ASSIGN(const auto parts, services.jobs().parts(job.id));
  for (const store::Part& part : parts)
    if (part.kind == "png") numbers.push_back(part.number);
  return numbers;
}

// The store's own link where it gives one. A store that is away is no reason to fail whoever asks
// for more than previews: then the way leads through here, and the others are not asked for.
class Urls {
 public:
  Urls(const Services& services, const store::Job& job, const std::string& base_url)
      : services_(services), job_(job), base_url_(base_url) {}

  std::string of(std::int64_t number) {
    if (auto link = stores_own(number)) return std::move(*link);
    return signed_url(services_, base_url_, preview_path(job_.id, number));
  }

 private:
  std::optional<std::string> stores_own(std::int64_t number) {
    using std::chrono::seconds;
    if (!job_.result_attempt || !store_gives_) return std::nullopt;
    const auto key = preview_key(job_.id, *job_.result_attempt, number);
    auto link =
        services_.blobs.link(key, std::chrono::duration_cast<seconds>(services_.settings.url_life));
    store_gives_ = link.has_value();
    return link ? std::move(*link) : std::nullopt;
  }

  const Services& services_;
  const store::Job& job_;
  const std::string& base_url_;
  bool store_gives_ = true;
};

}  // namespace

Result<std::vector<PreviewUrl>> preview_urls(const Services& services, const store::Job& job,
                                             const std::string& base_url) {
  CAD_ASSIGN(const auto numbers, pictured_sheets(services, job));
  Urls url(services, job, base_url);
  std::vector<PreviewUrl> urls;
  for (const std::int64_t number : numbers) urls.push_back({number, url.of(number)});
  return urls;
}

Result<std::optional<std::string>> first_preview_url(const Services& services,
                                                     const store::Job& job,
                                                     const std::string& base_url) {
  CAD_ASSIGN(const auto numbers, pictured_sheets(services, job));
  if (numbers.empty()) return std::optional<std::string>();
  return std::optional(Urls(services, job, base_url).of(numbers.front()));
}

std::optional<std::string> thumbnail_url(const Services& services, const store::Job& job,
                                         const std::string& base_url) {
  if (!job.has_thumbnail || job.status != store::JobStatus::completed) return std::nullopt;
  return signed_url(services, base_url, path_of(job.id, kThumbnailFile));
}

Result<std::unique_ptr<blobs::Reader>> open_preview(const Services& services,
                                                    std::string_view job_id, std::int64_t number) {
  CAD_ASSIGN(const store::Job job, services.jobs().find(job_id));
  if (!job.result_attempt) return fail(ErrorCode::not_found, "There is no such preview.");
  return services.blobs.open(preview_key(job.id, *job.result_attempt, number));
}

Result<std::unique_ptr<blobs::Reader>> open_thumbnail(const Services& services,
                                                      std::string_view job_id) {
  CAD_ASSIGN(const store::Job job, services.jobs().find(job_id));
  if (!job.result_attempt || !job.has_thumbnail)
    return fail(ErrorCode::not_found, "There is no such preview.");
  return open_part(services, job, PartKind::thumbnail);
}

Result<std::vector<Sheet>> sheets_of(const Services& services, const store::Job& job) {
  CAD_ASSIGN(const std::string text, stored_summary(services, job));
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
