// SPDX-License-Identifier: Apache-2.0
// Whom to tell of a vulnerability (RFC 9116).
#include "http/endpoints/endpoints.hpp"
#include "jobs/names.hpp"

namespace cad::http {
namespace {

// RFC 9116, 2.5.5: less than a year ahead. Made anew with each answer, so it never runs out while
// somebody runs the server.
constexpr std::chrono::hours kValid{24 * 180};

constexpr std::string_view kTerms =
    "# In scope: this service, its web pages and the CADLens software that it runs.\n"
    "# Out of scope: social engineering, physical attacks, volumetric denial of service,\n"
    "# third-party services.\n"
    "# Reports are acknowledged within 2 business days; critical vulnerabilities are fixed within "
    "7\n"
    "# days, high ones within 30. There is no bounty; reporters are credited with their "
    "permission.\n"
    "# Please publish nothing before there has been reasonable time to fix it.\n";

}  // namespace

Answer get_security_txt(Call& call) {
  const auto& contacts = call.services().settings.security_contacts;
  if (contacts.empty())
    return tl::unexpected(ApiError(404, "NOT_CONFIGURED",
                                   "The operator has named no security contact (option "
                                   "--security-contact of cadlens serve)."));
  std::string text;
  for (const std::string& contact : contacts) text += "Contact: " + contact + "\n";
  const auto ahead = std::chrono::duration_cast<std::chrono::milliseconds>(kValid).count();
  text += "Expires: " + jobs::iso_time(call.services().clock() + ahead) + "\n";
  text += "Preferred-Languages: en\n";
  // A signed statement of place is only true when the operator said what the place is.
  const std::string& url = call.services().settings.public_url;
  if (url.starts_with("https://"))
    text += "Canonical: " + url + std::string(kSecurityTxtPath) + "\n";
  text += kTerms;
  Response response;
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  response.body = std::move(text);
  return response;
}

}  // namespace cad::http
