// SPDX-License-Identifier: Apache-2.0
// Any text: what is taken for a URL means the same to libcurl, which calls it.
#include <curl/curl.h>

#include <cstdlib>
#include <string>

#include "webhooks/guard.hpp"

namespace {

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  const CURLUcode code = curl_url_get(url, which, &text, CURLU_DEFAULT_PORT);
  const std::string out = code == CURLUE_OK ? text : "";
  curl_free(text);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto ours = cad::webhooks::parse_url(text);
  if (!ours) return 0;
  CURLU* theirs = curl_url();
  if (curl_url_set(theirs, CURLUPART_URL, ours->text.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK)
    std::abort();
  const bool six = ours->address && ours->address->six;
  const std::string host = six ? "[" + ours->host + "]" : ours->host;
  if (part(theirs, CURLUPART_HOST) != host) std::abort();
  if (part(theirs, CURLUPART_PORT) != std::to_string(ours->port)) std::abort();
  if (part(theirs, CURLUPART_SCHEME) != (ours->https ? "https" : "http")) std::abort();
  if (!part(theirs, CURLUPART_USER).empty()) std::abort();
  curl_url_cleanup(theirs);
  // Written anew once, it stays as it is.
  const auto again = cad::webhooks::parse_url(ours->text);
  if (again && again->text != ours->text) std::abort();
  return 0;
}
