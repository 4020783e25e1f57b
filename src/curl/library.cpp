// SPDX-License-Identifier: Apache-2.0
#include "curl/library.hpp"

#include <dlfcn.h>

namespace cad::curl {
namespace {

template <class Function>
bool find(void* handle, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(handle, name));
  return function != nullptr;
}

bool load(Library& out) {
  void* const handle = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return false;
  decltype(&::curl_global_init) global_init = nullptr;
  return find(handle, "curl_global_init", global_init) &&
         find(handle, "curl_easy_init", out.easy_init) &&
         find(handle, "curl_easy_cleanup", out.easy_cleanup) &&
         find(handle, "curl_easy_reset", out.easy_reset) &&
         find(handle, "curl_easy_setopt", out.easy_setopt) &&
         find(handle, "curl_easy_perform", out.easy_perform) &&
         find(handle, "curl_easy_getinfo", out.easy_getinfo) &&
         find(handle, "curl_easy_strerror", out.easy_strerror) &&
         find(handle, "curl_slist_append", out.slist_append) &&
         find(handle, "curl_slist_free_all", out.slist_free_all) &&
         global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

}  // namespace

Result<const Library*> library() {
  static Library functions{};
  static const bool loaded = load(functions);
  if (loaded) return &functions;
  return fail(ErrorCode::unavailable,
              "libcurl (libcurl.so.4) cannot be loaded; install the package libcurl4.");
}

}  // namespace cad::curl
