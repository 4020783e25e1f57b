// SPDX-License-Identifier: Apache-2.0
// Preview images and the signed URLs that lead to them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jobs/services.hpp"

namespace cad::jobs {

struct PreviewUrl {
  std::int64_t number = 0;  // sheet index
  std::string url;
};

// Freshly signed, one per sheet that has an image, by sheet index. Empty unless COMPLETED.
Result<std::vector<PreviewUrl>> preview_urls(const Services& services, const store::Job& job,
                                             const std::string& base_url);
// The first of them alone.
Result<std::optional<std::string>> first_preview_url(const Services& services,
                                                     const store::Job& job,
                                                     const std::string& base_url);

// Freshly signed: the first one made small. None: jobs without previews, with small ones, or of
// before there were thumbnails.
std::optional<std::string> thumbnail_url(const Services& services, const store::Job& job,
                                         const std::string& base_url);

// The stored preview of a sheet, as opposed to any other object.
bool is_preview_key(const blobs::Key& key);
std::string preview_path(std::string_view job_id, std::int64_t number);
inline constexpr std::string_view kThumbnailFile = "thumbnail.png";

// Any job's preview: the signature is the permission. NOT_FOUND.
Result<std::unique_ptr<blobs::Reader>> open_preview(const Services& services,
                                                    std::string_view job_id, std::int64_t number);
Result<std::unique_ptr<blobs::Reader>> open_thumbnail(const Services& services,
                                                      std::string_view job_id);

// The sheet that `name` means: its key, or its index. The first when `name` is empty. NOT_FOUND.
struct Sheet {
  std::int64_t index = 0;
  std::string key;
};
Result<std::vector<Sheet>> sheets_of(const Services& services, const store::Job& job);
Result<Sheet> find_sheet(const Services& services, const store::Job& job, std::string_view name);

}  // namespace cad::jobs
