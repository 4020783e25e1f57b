// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "worker/channel.hpp"

namespace cad::probe {

// Tries the named act. The answer says how it went: "did it", or the errno's name that denied it.
// Acts that end the process do not return. Unknown names: empty.
std::string try_act(std::string_view name);

// The acts of probe_calls.cpp, as try_act() does.
std::string try_call(std::string_view name);

// Writes what no honest worker writes. False for unknown names.
bool lie(std::string_view name, worker::FrameWriter& frames);

}  // namespace cad::probe
