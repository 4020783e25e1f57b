// SPDX-License-Identifier: Apache-2.0
// The web app's files (web/site.hpp) as answers. They are public, the same for everybody, and cost
// less than asking the limiter would: no limit of the rate counts them.
#pragma once

#include "http/call.hpp"
#include "web/site.hpp"

namespace cad::http {

// What the app has at the request's path; null: nothing, or nothing that the caller takes.
const web::File* find_page(const Call& call);
// The document that tells a person that there is nothing at this path; null: it is no person who
// asks, or the path is of the API's.
const web::File* find_missing_page(const Call& call);

// Does a browser go to a page with this request? Programs take anything; it names HTML.
bool is_from_a_person(const Request& request);

Response page_response(const Call& call, const web::File& file, int status);

}  // namespace cad::http
