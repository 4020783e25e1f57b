// SPDX-License-Identifier: Apache-2.0
// Asks the service on this machine whether it works: for images without a shell and another client.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "curl/library.hpp"

namespace cad::cli {
namespace {

constexpr int kUnwell = 1;
constexpr long kTimeoutMs = 3'000;

bool is_port_and_path(std::string_view text) {
  if (text.starts_with(':'))
    text.remove_prefix(std::min(text.find_first_not_of("0123456789", 1), text.size()));
  return text.empty() || text.front() == '/';
}

// Nobody's certificate is checked, so nothing but this machine may be asked.
bool is_on_this_machine(std::string_view url) {
  for (const std::string_view scheme : {"http://", "https://"})
    for (const std::string_view host : {"127.0.0.1", "[::1]", "localhost"}) {
      const std::string start = std::string(scheme) + std::string(host);
      if (url.starts_with(start) && is_port_and_path(url.substr(start.size()))) return true;
    }
  return false;
}

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) { return size * count; }

Result<long> ask(const std::string& url) {
  CAD_ASSIGN(const curl::Library* api, curl::library());
  CURL* curl = api->easy_init();
  if (curl == nullptr) return fail(ErrorCode::unavailable, "The request could not be set up.");
  api->easy_setopt(curl, CURLOPT_URL, url.c_str());
  api->easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  api->easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  api->easy_setopt(curl, CURLOPT_PROXY, "");
  api->easy_setopt(curl, CURLOPT_NOPROXY, "*");
  api->easy_setopt(curl, CURLOPT_TIMEOUT_MS, kTimeoutMs);
  api->easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
  api->easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  api->easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
  const CURLcode code = api->easy_perform(curl);
  long status = 0;
  api->easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  api->easy_cleanup(curl);
  if (code == CURLE_OK) return status;
  return fail(ErrorCode::unavailable,
              url + " does not answer: " + std::string(api->easy_strerror(code)) + ".");
}

int check_health(const std::string& url) {
  if (!is_on_this_machine(url))
    return report({ErrorCode::invalid_argument,
                   "Only this machine is asked: the URL must begin with http:// or https:// and "
                   "127.0.0.1, [::1] or localhost."});
  const auto status = ask(url);
  if (status && *status == 200) return kSuccess;
  (void)report(status ? Error{ErrorCode::unavailable,
                              url + " answers " + std::to_string(*status) + " instead of 200."}
                      : status.error());
  return kUnwell;
}

}  // namespace

void add_health(CLI::App& app, int& exit_code) {
  auto url = std::make_shared<std::string>("http://127.0.0.1:3001/live");
  CLI::App* command =
      app.add_subcommand("health", "Ask the service on this machine whether it works");
  command->add_option("URL", *url, "What to ask; 200 within 3 seconds is well")
      ->envname("CADLENS_HEALTH_URL");
  command->footer("Ends with 0 when it is well, with 1 when it is not.");
  command->callback([url, &exit_code] { exit_code = check_health(*url); });
}

}  // namespace cad::cli
