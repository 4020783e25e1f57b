// SPDX-License-Identifier: Apache-2.0
// A result without its entities: what a page needs to speak about a drawing of any size.
#pragma once

#include "jobs/result.hpp"

namespace cad::jobs {

// Shape 2.0.0, as open_result() gives it, without `sheets[].entities`, blocks and xdata.
Result<ResultStream> open_summary(const Services& services, const store::Job& job,
                                  const std::string& base_url);

// The same on open objects. INTEGRITY when they do not fit each other.
Result<ResultStream> leave_out_entities(const std::shared_ptr<blobs::Reader>& result,
                                        blobs::Reader& slots, blobs::Reader& index,
                                        const Inserts& inserts);

}  // namespace cad::jobs
