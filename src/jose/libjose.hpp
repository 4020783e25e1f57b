// SPDX-License-Identifier: Apache-2.0
// libjose's headers know of no C++.
#pragma once

extern "C" {
#include <jose/b64.h>
#include <jose/cfg.h>
#include <jose/jwk.h>
#include <jose/jws.h>
#include <jose/openssl.h>
}
