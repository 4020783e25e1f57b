// SPDX-License-Identifier: Apache-2.0
#include "s3/settings.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

#include "base/percent.hpp"
#include "secrets/environment.hpp"

namespace cad::s3 {
namespace {

bool all_of(std::string_view text, std::string_view others) {
  return std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || others.find(c) != others.npos;
  });
}

std::optional<std::string> decoded(std::string_view text) {
  auto out = percent_decoded(text);
  const bool control =
      out && std::ranges::any_of(*out, [](char c) { return c > 0 ? c < 32 || c == 127 : true; });
  return control ? std::nullopt : out;
}

class Parser {
 public:
  Parser(std::string_view url, const std::string& name) : rest_(url), name_(name) {}

  Result<Settings> run() {
    CAD_TRY(scheme());
    const auto slash = std::min(rest_.find_first_of("/?#"), rest_.size());
    CAD_TRY(authority(rest_.substr(0, slash)));
    rest_.remove_prefix(slash);
    const auto question = std::min(rest_.find('?'), rest_.size());
    CAD_TRY(bucket(rest_.substr(0, question)));
    rest_.remove_prefix(std::min(question + 1, rest_.size()));
    out_.style = out_.host.ends_with(".amazonaws.com") ? Style::virtual_host : Style::path;
    while (!rest_.empty()) {
      const auto end = std::min(rest_.find('&'), rest_.size());
      CAD_TRY(parameter(rest_.substr(0, end)));
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
    }
    CAD_TRY(whole());
    return std::move(out_);
  }

 private:
  tl::unexpected<Error> refuse(const std::string& what) const {
    return fail(ErrorCode::invalid_argument, name_ + ": " + what);
  }

  Result<void> scheme() {
    out_.https = rest_.starts_with("https://");
    if (!out_.https && !rest_.starts_with("http://"))
      return refuse("must be a URL like https://s3.example.com/bucket?region=eu-central-1.");
    out_.port = out_.https ? 443 : 80;
    rest_.remove_prefix(out_.https ? 8 : 7);
    return {};
  }

  Result<void> authority(std::string_view text) {
    if (text.find('@') != text.npos)
      return refuse(
          "must not hold credentials; set CADLENS_S3_ACCESS_KEY and CADLENS_S3_SECRET_KEY (or "
          "their _FILE).");
    const auto bracket = text.starts_with('[') ? text.find(']') : std::size_t{0};
    if (bracket == text.npos) return refuse("the address in brackets does not end.");
    const auto colon = text.find(':', bracket);
    if (colon != text.npos) {
      const std::string_view port = text.substr(colon + 1);
      const char* const end = port.data() + port.size();
      const auto [at, error] = std::from_chars(port.data(), end, out_.port);
      if (error != std::errc() || at != end || out_.port == 0)
        return refuse("the port is not a number from 1 to 65535.");
    }
    out_.host = text.substr(0, colon);
    std::ranges::transform(out_.host, out_.host.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    const bool six = out_.host.starts_with('[');
    if (out_.host.empty() || out_.host.size() > 253 || !all_of(out_.host, six ? "[]:." : ".-") ||
        (six && !out_.host.ends_with(']')))
      return refuse("the host is not a name or an address.");
    return {};
  }

  Result<void> bucket(std::string_view path) {
    if (path.starts_with('/')) path.remove_prefix(1);
    if (path.ends_with('/')) path.remove_suffix(1);
    if (path.empty()) return refuse("names no bucket: https://host/BUCKET?region=...");
    if (path.size() < 3 || path.size() > 63 || !all_of(path, ".-") || path.front() == '.' ||
        path.front() == '-' || path.back() == '.' || path.back() == '-' ||
        path.find("..") != path.npos)
      return refuse(
          "the bucket must be 3 to 63 characters of a-z, 0-9, \".\" and \"-\" after the host; "
          "folders go into prefix=.");
    out_.bucket = path;
    return {};
  }

  Result<void> parameter(std::string_view pair) {
    const auto equals = pair.find('=');
    const std::string name(pair.substr(0, equals));
    const auto value = decoded(equals == pair.npos ? "" : pair.substr(equals + 1));
    if (!value || value->empty()) return refuse("the value of " + safe(name) + " is not readable.");
    if (name == "region") return region(*value);
    if (name == "style") return style(*value);
    if (name == "prefix") return prefix(*value);
    if (name == "sse") return sse(*value);
    if (name == "kms-key") return kms_key(*value);
    if (name == "sse-required") return yes_or_no(name, *value, out_.sse_required);
    if (name == "etag") return etag(*value);
    if (name == "ca") {
      out_.ca_file = *value;
      return {};
    }
    if (name == "public") return public_url(*value);
    return refuse(
        "has no parameter " + safe(name) +
        "; there are region, style, prefix, sse, kms-key, sse-required, etag, ca and public.");
  }

  // Only what cannot be a secret is said again.
  static std::string safe(std::string_view name) {
    return name.size() <= 20 && all_of(name, "-_") ? "\"" + std::string(name) + "\""
                                                   : std::string("like that");
  }

  Result<void> region(const std::string& value) {
    if (value.size() > 64 || !all_of(value, "-"))
      return refuse("region is a name like eu-central-1.");
    out_.region = value;
    return {};
  }

  Result<void> style(const std::string& value) {
    if (value != "path" && value != "virtual") return refuse("style is path or virtual.");
    out_.style = value == "path" ? Style::path : Style::virtual_host;
    return {};
  }

  Result<void> prefix(std::string value) {
    if (value.ends_with('/')) value.pop_back();
    if (value.empty() || value.size() > 200 || value.front() == '/' ||
        value.find("//") != value.npos || !all_of(value, "_-/"))
      return refuse("prefix is at most 200 characters of a-z, 0-9, \"_\", \"-\" and \"/\".");
    out_.prefix = value + "/";
    return {};
  }

  Result<void> sse(const std::string& value) {
    if (value != "AES256" && value != "aws:kms" && value != "none")
      return refuse("sse is AES256, aws:kms or none.");
    out_.sse = value == "none" ? std::string() : value;
    return {};
  }

  Result<void> kms_key(const std::string& value) {
    constexpr std::string_view kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ:/_-.";
    if (value.size() > 512 || !all_of(value, kCapitals))
      return refuse("kms-key is the id, alias or ARN of a key.");
    out_.kms_key = value;
    return {};
  }

  Result<void> public_url(std::string value) {
    if (value.ends_with('/')) value.pop_back();
    const bool here =
        value.starts_with("http://127.0.0.1:") || value.starts_with("http://localhost:");
    const auto host = value.find("://") + 3;
    if ((!here && !value.starts_with("https://")) || host >= value.size() ||
        !all_of(std::string_view(value).substr(host), ".-:[]"))
      return refuse("public is https:// and a host, without a path.");
    out_.public_url = value;
    return {};
  }

  Result<void> etag(const std::string& value) {
    if (value != "md5" && value != "opaque") return refuse("etag is md5 or opaque.");
    out_.opaque_etags = value == "opaque";
    return {};
  }

  Result<void> yes_or_no(const std::string& name, const std::string& value, bool& into) {
    if (value != "yes" && value != "no") return refuse(name + " is yes or no.");
    into = value == "yes";
    return {};
  }

  // What only makes sense together.
  Result<void> whole() {
    const bool address = out_.host.starts_with('[') || all_digits_and_dots();
    if (out_.style == Style::virtual_host && address)
      return refuse("style=virtual needs a host that has a name; use style=path.");
    // *.host does not cover a.b.host.
    if (out_.style == Style::virtual_host && out_.https &&
        out_.bucket.find('.') != std::string::npos)
      return refuse(
          "a bucket with \".\" in its name has no valid certificate in style=virtual; use "
          "style=path.");
    if (!out_.kms_key.empty() && out_.sse != "aws:kms") return refuse("kms-key needs sse=aws:kms.");
    if (!out_.public_url.empty() && out_.sse.empty())
      return refuse(
          "public needs encryption by the server (sse=AES256 or aws:kms): what browsers fetch "
          "from it is under no other.");
    if (out_.sse_required && out_.sse.empty())
      return refuse("sse-required=yes contradicts sse=none.");
    return {};
  }

  bool all_digits_and_dots() const {
    return std::ranges::all_of(out_.host,
                               [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  }

  std::string_view rest_;
  const std::string& name_;
  Settings out_;
};

Result<std::shared_ptr<const Credentials>> made_of(std::optional<Secret> access,
                                                   std::optional<Secret> secret,
                                                   std::optional<Secret> token) {
  auto out = std::make_shared<Credentials>();
  out->access_key = access->text();
  out->secret_key = std::move(*secret);
  if (token) out->session_token = token->text();
  for (const std::string* text : {&out->access_key, &out->session_token})
    if (!std::ranges::all_of(*text, [](char c) { return c > 32 && c < 127 && c != ','; }))
      return fail(ErrorCode::invalid_argument,
                  "The access key or session token of the S3 credentials holds a character that "
                  "neither can have.");
  return std::shared_ptr<const Credentials>(std::move(out));
}

}  // namespace

std::string Settings::authority() const {
  std::string out = style == Style::virtual_host ? bucket + "." + host : host;
  if (port != (https ? 443 : 80)) out += ":" + std::to_string(port);
  return out;
}

std::string Settings::path_of(std::string_view key) const {
  const std::string object =
      key.empty() ? std::string() : uri_encode(prefix + std::string(key), true);
  if (style == Style::virtual_host) return "/" + object;
  return "/" + bucket + (object.empty() ? "" : "/") + object;
}

Result<Settings> parse_settings(std::string_view url, const std::string& name) {
  return Parser(url, name).run();
}

Result<std::shared_ptr<const Credentials>> credentials_from_environment() {
  CAD_ASSIGN(auto access, secrets::secret_from_environment("CADLENS_S3_ACCESS_KEY"));
  CAD_ASSIGN(auto secret, secrets::secret_from_environment("CADLENS_S3_SECRET_KEY"));
  CAD_ASSIGN(auto aws_access, secrets::secret_from_environment("AWS_ACCESS_KEY_ID"));
  CAD_ASSIGN(auto aws_secret, secrets::secret_from_environment("AWS_SECRET_ACCESS_KEY"));
  CAD_ASSIGN(auto aws_token, secrets::secret_from_environment("AWS_SESSION_TOKEN"));
  if (access && secret) return made_of(std::move(access), std::move(secret), std::nullopt);
  if (access || secret)
    return fail(ErrorCode::invalid_argument,
                std::string("Only ") +
                    (access ? "CADLENS_S3_ACCESS_KEY is set; CADLENS_S3_SECRET_KEY"
                            : "CADLENS_S3_SECRET_KEY is set; CADLENS_S3_ACCESS_KEY") +
                    " (or its _FILE) is missing.");
  if (aws_access && aws_secret)
    return made_of(std::move(aws_access), std::move(aws_secret), std::move(aws_token));
  return fail(ErrorCode::invalid_argument,
              "The credentials of the S3 store are missing: set CADLENS_S3_ACCESS_KEY and "
              "CADLENS_S3_SECRET_KEY (or their _FILE; or AWS_ACCESS_KEY_ID and "
              "AWS_SECRET_ACCESS_KEY).");
}

}  // namespace cad::s3
