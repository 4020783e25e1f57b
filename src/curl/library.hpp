// SPDX-License-Identifier: Apache-2.0
// libcurl, loaded by the first who needs it: it brings two dozen libraries along, and a command
// line that only reads a drawing should not wait for them.
#pragma once

#include <curl/curl.h>

#include "base/result.hpp"

namespace cad::curl {

struct Library {
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_easy_reset) easy_reset;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_perform) easy_perform;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;
};

// Ready for use by any thread, and never unloaded. UNAVAILABLE: it is not installed.
Result<const Library*> library();

}  // namespace cad::curl
