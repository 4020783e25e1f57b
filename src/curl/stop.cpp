// SPDX-License-Identifier: Apache-2.0
#include "curl/stop.hpp"

namespace cad::curl {
namespace {

// libcurl asks at least once a second, also while nothing moves.
int look(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Stop*>(stop)->asked() ? 1 : 0;
}

}  // namespace

bool Stop::watch(const Library& api, CURL* curl) const {
  return api.easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
         api.easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look) == CURLE_OK &&
         api.easy_setopt(curl, CURLOPT_XFERINFODATA, static_cast<const void*>(this)) == CURLE_OK &&
         // Else it waits for the thread that looks a name up, which nobody can end.
         api.easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK;
}

}  // namespace cad::curl
