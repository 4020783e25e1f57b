// SPDX-License-Identifier: Apache-2.0
#include "http/pages.hpp"

#include <algorithm>

#include "http/ranges.hpp"
#include "http/routes.hpp"

namespace cad::http {
namespace {

constexpr std::string_view kHtml = "text/html";

// Everything that a page could ask for and none of ours does. Writing to the clipboard is missing:
// that is what copy buttons do.
constexpr std::string_view kPermissions =
    "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), "
    "display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), "
    "gyroscope=(), hid=(), idle-detection=(), keyboard-map=(), local-fonts=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-create=(), "
    "publickey-credentials-get=(), screen-wake-lock=(), serial=(), sync-xhr=(), usb=(), "
    "window-management=(), xr-spatial-tracking=()";

// `image_origin`: where previews are when links to them lead to the object store; empty: here.
std::string content_policy(std::string_view trusted_types, const std::string& image_origin) {
  return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:" +
         (image_origin.empty() ? "" : " " + image_origin) +
         "; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
         "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
         "require-trusted-types-for 'script'; trusted-types " +
         (trusted_types.empty() ? "'none'" : std::string(trusted_types));
}

// The first segment of some path of the API's.
bool is_of_the_api(std::string_view segment) {
  return std::ranges::any_of(routes(), [&](const Route& route) {
    std::string_view pattern = route.pattern.substr(1);
    return pattern.substr(0, pattern.find('/')) == segment;
  });
}

struct Form {
  std::string_view body, coding, tag_end;
};

Form choose_form(const web::File& file, std::optional<std::string_view> accepted) {
  if (!file.brotli.empty() && accepts_brotli(accepted)) return {file.brotli, "br", "-br"};
  if (!file.gzip.empty() && accepts_gzip(accepted)) return {file.gzip, "gzip", "-gzip"};
  return {file.plain, "", ""};
}

}  // namespace

const web::File* find_page(const Call& call) {
  const Request& request = call.request;
  const web::Site& site = call.api.site;
  const std::string_view target(request.target);
  if (const web::File* file = web::find_file(site, target.substr(0, target.find('?')))) return file;
  const web::File* document = web::find_document(site, request.segments);
  return document != nullptr && accepts_html(request.headers.find("Accept")) ? document : nullptr;
}

bool is_from_a_person(const Request& request) {
  const auto accepted = request.headers.find("Accept");
  return request.method == "GET" && accepted && accepted->find(kHtml) != accepted->npos;
}

const web::File* find_missing_page(const Call& call) {
  const Request& request = call.request;
  if (!is_from_a_person(request) || is_of_the_api(request.segments.front())) return nullptr;
  return call.api.site.missing;
}

Response page_response(const Call& call, const web::File& file, int status) {
  const Headers& asked = call.request.headers;
  const Form form = choose_form(file, asked.find("Accept-Encoding"));
  const std::string tag = "\"" + std::string(file.digest) + std::string(form.tag_end) + "\"";
  Response response;
  Headers& headers = response.headers;
  // A 304 tells them, too: the browser puts them in place of those that it keeps.
  headers.set("Cache-Control",
              file.named_by_content ? "public, max-age=31536000, immutable" : "no-cache");
  headers.set("Content-Security-Policy", content_policy(file.trusted_types, call.api.image_origin));
  headers.set("Permissions-Policy", kPermissions);
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  headers.set("Vary", file.type.starts_with(kHtml) ? "Accept, Accept-Encoding" : "Accept-Encoding");
  response.as_is = true;
  if (status == 200) {
    headers.set("ETag", tag);
    if (const auto known = asked.find("If-None-Match"); known && tag_matches(*known, tag)) {
      response.status = 304;
      return response;
    }
  }
  response.status = status;
  headers.set("Content-Type", file.type);
  if (!form.coding.empty()) headers.set("Content-Encoding", form.coding);
  response.body = std::string(form.body);
  return response;
}

}  // namespace cad::http
