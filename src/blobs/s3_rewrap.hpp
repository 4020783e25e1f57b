// SPDX-License-Identifier: Apache-2.0
// A new header before the chunks of an object in S3, which knows no writing in place: the object is
// written anew, its chunks copied by the server where they are large.
#pragma once

#include "blobs/envelope.hpp"
#include "s3/client.hpp"

namespace cad::blobs {

// False: it is under the ring's current key already, or was removed or replaced meanwhile (what
// replaced it is under a key of the ring). Durable when this returns.
Result<bool> rewrap_s3_object(s3::Client& client, const secrets::KeyRing& masters, const Key& key);

}  // namespace cad::blobs
