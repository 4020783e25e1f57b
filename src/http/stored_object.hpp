// SPDX-License-Identifier: Apache-2.0
// A stored object as an answer: ranges, validators, HEAD.
#pragma once

#include <memory>
#include <string_view>

#include "blobs/blob_store.hpp"
#include "http/message.hpp"

namespace cad::http {

// `tag` with its quotes; it must change when the bytes do.
Response object_response(const Request& request, std::shared_ptr<blobs::Reader> object,
                         std::string_view content_type, std::string_view tag);

}  // namespace cad::http
