// SPDX-License-Identifier: Apache-2.0
#include "jose/jansson.hpp"

#include <malloc.h>

#include <cstdlib>
#include <new>
#include <span>
#include <string>

namespace cad::jose {

namespace {

void wipe_and_free(void* memory) {
  if (memory == nullptr) return;
  wipe_memory({static_cast<std::byte*>(memory), malloc_usable_size(memory)});
  std::free(memory);
}

// libjose writes its errors to stderr unless told otherwise, and strangers could fill the log.
void ignore(void*, const char*, int, std::uint64_t, const char*, va_list) {}

}  // namespace

void prepare_libraries() {
  static const bool done = [] {
    json_set_alloc_funcs(std::malloc, wipe_and_free);
    json_object_seed(0);
    return true;
  }();
  static_cast<void>(done);
}

Config quiet_config() {
  Config config(jose_cfg());
  if (!config) throw std::bad_alloc();
  jose_cfg_set_err_func(config.get(), ignore, nullptr);
  return config;
}

Json json_object_of(std::initializer_list<std::pair<const char*, std::string_view>> members) {
  Json object(json_object());
  for (const auto& [name, value] : members)
    json_object_set_new(object.get(), name, json_stringn(value.data(), value.size()));
  return object;
}

Secret dump_secret(const json_t* value) {
  constexpr std::size_t kFlags = JSON_COMPACT | JSON_SORT_KEYS;
  std::string text(json_dumpb(value, nullptr, 0, kFlags), '\0');
  json_dumpb(value, text.data(), text.size(), kFlags);
  return Secret::from_text(text);
}

std::string_view member(const json_t* object, const char* name) {
  const json_t* value = json_object_get(object, name);
  if (!json_is_string(value)) return {};
  return {json_string_value(value), json_string_length(value)};
}

}  // namespace cad::jose
