// SPDX-License-Identifier: Apache-2.0
// One function an endpoint, one file each. See schema/openapi.yaml.
#pragma once

#include "http/call.hpp"

namespace cad::http {

inline constexpr std::string_view kSecurityTxtPath = "/.well-known/security.txt";

Answer post_parse(Call& call);
Answer get_jobs(Call& call);
Answer get_job(Call& call);
Answer delete_job(Call& call);
Answer get_result(Call& call);
Answer get_image(Call& call);
Answer get_events(Call& call);
Answer get_entities(Call& call);
Answer get_scene(Call& call);
Answer get_formats(Call& call);
Answer get_preview(Call& call);
Answer get_health(Call& call);
Answer get_security_txt(Call& call);
Answer get_ready(Call& call);
Answer get_openapi(Call& call);

}  // namespace cad::http
