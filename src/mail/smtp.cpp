// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <ctime>

#include "curl/stop.hpp"
#include "mail/message.hpp"

namespace cad::mail {
namespace {

constexpr long kTimeoutMs = 30'000;

tl::unexpected<Error> stopping() {
  return fail(ErrorCode::unavailable, "The service is stopping; the mail was not sent.");
}

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::invalid_argument, std::move(message));
}

std::string host_of(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  if (url.starts_with('[')) return std::string(url.substr(1, url.find(']') - 1));
  return std::string(url.substr(0, url.find_first_of(":/")));
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

struct Source {
  std::string_view text;
};

std::size_t give(char* into, std::size_t size, std::size_t count, void* data) {
  auto* source = static_cast<Source*>(data);
  const std::size_t length = std::min(size * count, source->text.size());
  std::memcpy(into, source->text.data(), length);
  source->text.remove_prefix(length);
  return length;
}

class SmtpMailer : public Mailer {
 public:
  SmtpMailer(const curl::Library& api, SmtpSettings settings)
      : api_(api),
        settings_(std::move(settings)),
        plain_allowed_(is_loopback(host_of(settings_.url))) {}

  Result<void> send(const Mail& mail) override {
    if (!is_address(mail.to)) return refuse("The receiver is no mail address.");
    if (stop_.asked()) return stopping();
    CURL* curl = api_.easy_init();
    if (curl == nullptr) return fail(ErrorCode::unavailable, "The mail could not be set up.");
    const std::string message = compose(mail, settings_.from, std::time(nullptr));
    Source source{message};
    curl_slist* receivers = api_.slist_append(nullptr, ("<" + mail.to + ">").c_str());
    const bool safe = set_up(curl) && stop_.watch(api_, curl);
    api_.easy_setopt(curl, CURLOPT_MAIL_RCPT, receivers);
    api_.easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    api_.easy_setopt(curl, CURLOPT_READFUNCTION, give);
    api_.easy_setopt(curl, CURLOPT_READDATA, &source);
    const CURLcode code = safe ? api_.easy_perform(curl) : CURLE_UNKNOWN_OPTION;
    long status = 0;
    api_.easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    api_.slist_free_all(receivers);
    api_.easy_cleanup(curl);
    if (code == CURLE_OK) return {};
    if (code == CURLE_ABORTED_BY_CALLBACK) return stopping();
    // 5xx is the server's last word about this mail (RFC 5321, section 4.2.1).
    const bool final = status >= 500 && status <= 599 && code != CURLE_LOGIN_DENIED;
    return fail(final ? ErrorCode::invalid_argument : ErrorCode::unavailable,
                "The mail server did not take the mail: " + std::string(api_.easy_strerror(code)) +
                    (status > 0 ? " (" + std::to_string(status) + ")." : "."));
  }

  void stop() override { stop_.ask(); }

 private:
  // False: this libcurl lacks one of them, and then nothing is sent.
  [[nodiscard]] bool set_up(CURL* curl) const {
    bool good = true;
    const auto set = [&](CURLoption option, auto value) {
      good = api_.easy_setopt(curl, option, value) == CURLE_OK && good;
    };
    set(CURLOPT_URL, settings_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_MAIL_FROM, ("<" + settings_.from + ">").c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TIMEOUT_MS, kTimeoutMs);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOPROXY, "*");
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_USE_SSL, static_cast<long>(plain_allowed_ ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!settings_.ca_file.empty()) {
      set(CURLOPT_CAINFO, settings_.ca_file.c_str());
      set(CURLOPT_CAPATH, nullptr);
    }
    if (settings_.user.empty()) return good;
    set(CURLOPT_USERNAME, settings_.user.c_str());
    set(CURLOPT_PASSWORD, settings_.password.c_str());
    return good;
  }

  const curl::Library& api_;
  SmtpSettings settings_;
  bool plain_allowed_;
  curl::Stop stop_;
};

}  // namespace

Result<std::unique_ptr<Mailer>> make_smtp_mailer(const SmtpSettings& settings) {
  const bool known = settings.url.starts_with("smtps://") || settings.url.starts_with("smtp://");
  if (!known || host_of(settings.url).empty())
    return refuse("The mail server must be given as smtps://HOST:465 or smtp://HOST:587.");
  if (settings.url.find('@') != settings.url.npos)
    return refuse(
        "The mail server's URL must not hold a user or password; use CADLENS_SMTP_USER and "
        "CADLENS_SMTP_PASSWORD.");
  if (!is_address(settings.from))
    return refuse("The sender of mails (--smtp-from) must be a mail address.");
  if (settings.user.empty() != settings.password.empty())
    return refuse("CADLENS_SMTP_USER and CADLENS_SMTP_PASSWORD go together.");
  CAD_ASSIGN(const curl::Library* library, curl::library());
  return std::make_unique<SmtpMailer>(*library, settings);
}

Result<void> OwnerMail::notify_owner(const std::string& subject, const std::string& text) const {
  if (!configured()) return {};
  return mailer_->send({to_, subject, text, ""});
}

}  // namespace cad::mail
