// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <mutex>

#include "mail/message.hpp"

namespace cad::mail {
namespace {

constexpr long kTimeoutMs = 30'000;

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
  explicit SmtpMailer(SmtpSettings settings)
      : settings_(std::move(settings)), plain_allowed_(is_loopback(host_of(settings_.url))) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  }

  Result<void> send(const Mail& mail) override {
    if (!is_address(mail.to)) return refuse("The receiver is no mail address.");
    CURL* curl = curl_easy_init();
    if (curl == nullptr) return fail(ErrorCode::unavailable, "The mail could not be set up.");
    const std::string message = compose(mail, settings_.from, std::time(nullptr));
    Source source{message};
    curl_slist* receivers = curl_slist_append(nullptr, ("<" + mail.to + ">").c_str());
    set_up(curl);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, receivers);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, &source);
    const CURLcode code = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(receivers);
    curl_easy_cleanup(curl);
    if (code == CURLE_OK) return {};
    // 5xx is the server's last word about this mail (RFC 5321, section 4.2.1).
    const bool final = status >= 500 && status <= 599 && code != CURLE_LOGIN_DENIED;
    return fail(final ? ErrorCode::invalid_argument : ErrorCode::unavailable,
                "The mail server did not take the mail: " + std::string(curl_easy_strerror(code)) +
                    (status > 0 ? " (" + std::to_string(status) + ")." : "."));
  }

 private:
  void set_up(CURL* curl) const {
    curl_easy_setopt(curl, CURLOPT_URL, settings_.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, ("<" + settings_.from + ">").c_str());
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, kTimeoutMs);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     static_cast<long>(plain_allowed_ ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!settings_.ca_file.empty()) {
      curl_easy_setopt(curl, CURLOPT_CAINFO, settings_.ca_file.c_str());
      curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    }
    if (settings_.user.empty()) return;
    curl_easy_setopt(curl, CURLOPT_USERNAME, settings_.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, settings_.password.c_str());
  }

  SmtpSettings settings_;
  bool plain_allowed_;
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
  return std::make_unique<SmtpMailer>(settings);
}

Result<void> OwnerMail::notify_owner(const std::string& subject, const std::string& text) const {
  if (!configured()) return {};
  return mailer_->send({to_, subject, text, ""});
}

}  // namespace cad::mail
