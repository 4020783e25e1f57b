// SPDX-License-Identifier: Apache-2.0
// The JSON values that libjose speaks in, owned; and its errors kept off stderr.
#pragma once

#include <jansson.h>

#include <initializer_list>
#include <memory>
#include <string_view>
#include <utility>

#include "base/secret.hpp"
#include "jose/libjose.hpp"

namespace cad::jose {

struct JsonFree {
  void operator()(json_t* value) const { json_decref(value); }
};
using Json = std::unique_ptr<json_t, JsonFree>;

struct ConfigFree {
  void operator()(jose_cfg_t* config) const { jose_cfg_decref(config); }
};
using Config = std::unique_ptr<jose_cfg_t, ConfigFree>;

// To be called before anything of jansson or libjose: what they give back is wiped from then on,
// as private keys pass through their values.
void prepare_libraries();

// One a call: its count of users is not safe between threads.
Config quiet_config();

Json json_object_of(std::initializer_list<std::pair<const char*, std::string_view>> members);
// Compact, with sorted members.
Secret dump_secret(const json_t* value);
// Empty when it is absent or no string.
std::string_view member(const json_t* object, const char* name);

}  // namespace cad::jose
