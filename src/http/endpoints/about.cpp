// SPDX-License-Identifier: Apache-2.0
// What the server says of itself, without a key.
#include "formats/format.hpp"
#include "http/endpoints/endpoints.hpp"
#include "http/openapi/openapi.hpp"
#include "http/views.hpp"

namespace cad::http {

Answer get_formats(Call&) {
  Json list = Json::array();
  for (const Format& format : formats()) {
    if (!format.read) continue;
    Json extensions = Json::array();
    std::string_view rest = format.extensions;
    while (!rest.empty()) {
      const auto space = rest.find(' ');
      extensions.push_back("." + std::string(rest.substr(0, space)));
      rest.remove_prefix(space == rest.npos ? rest.size() : space + 1);
    }
    list.push_back({{"format", std::string(format.name)},
                    {"extensions", std::move(extensions)},
                    {"mimeType", std::string(format.mime)},
                    {"versions", std::string(format.versions)}});
  }
  return json_response(200, dump({{"formats", std::move(list)}}));
}

Answer get_openapi(Call&) { return json_response(200, std::string(openapi_json())); }

}  // namespace cad::http
