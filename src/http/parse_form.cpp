// SPDX-License-Identifier: Apache-2.0
#include "http/parse_form.hpp"

#include <map>

#include "http/multipart.hpp"
#include "mail/message.hpp"

namespace cad::http {
namespace {

constexpr std::size_t kMaxField = 4096;
constexpr std::size_t kMaxIdempotencyKey = 255;

class FormReceiver : public PartReceiver {
 public:
  explicit FormReceiver(Call& call) : call_(call) {}

  Result<void> begin(const PartHeader& part) override {
    name_ = part.name;
    if (!seen_.insert({name_, ""}).second)
      return fail(ErrorCode::invalid_argument,
                  "The form has the field \"" + name_.substr(0, 100) + "\" twice.");
    if (name_ == "file")
      upload = std::make_unique<jobs::Upload>(call_.services(), call_.principal, part.file_name,
                                              call_.terms);
    return {};
  }

  Result<void> data(std::span<const std::byte> bytes) override {
    if (name_ == "file") return upload->write(bytes);
    std::string& value = seen_[name_];
    if (value.size() + bytes.size() > kMaxField)
      return fail(ErrorCode::invalid_argument,
                  "The form's field \"" + name_.substr(0, 100) + "\" is too long.");
    value.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }

  Result<void> end() override {
    if (name_ == "file") return upload->end_of_file();
    return {};
  }

  // The value of the field under any of its names; an empty one counts as absent.
  std::optional<std::string> value(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names)
      if (const auto found = seen_.find(std::string(name));
          found != seen_.end() && !found->second.empty())
        return found->second;
    return std::nullopt;
  }

  std::unique_ptr<jobs::Upload> upload;

 private:
  Call& call_;
  std::string name_;
  std::map<std::string, std::string> seen_;
};

// IO is what a connection that broke says. The disk's own is no fault of the client's.
Error not_the_clients(Error error) {
  if (error.code == ErrorCode::io) error.code = ErrorCode::unavailable;
  return error;
}

Result<void> read_body(Call& call, FormReceiver& receiver) {
  CAD_ASSIGN(const std::string boundary,
             boundary_of(call.request.headers.find("Content-Type").value_or("")));
  MultipartParser parser(boundary);
  std::vector<std::byte> block(64 * 1024);
  while (true) {
    CAD_ASSIGN(const std::size_t count, call.request.body->read(block));
    if (count == 0) break;
    if (auto fed = parser.feed(std::span(block).first(count), receiver); !fed)
      return tl::unexpected(not_the_clients(std::move(fed.error())));
  }
  return parser.finish();
}

bool is_true(const std::optional<std::string>& text) {
  return text && (*text == "true" || *text == "1");
}

jobs::SubmitFields read_fields(const Call& call, const FormReceiver& form, bool& sync,
                               FieldErrors& errors) {
  jobs::SubmitFields fields;
  const auto mode = form.value({"mode"});
  if (mode && *mode != "sync" && *mode != "async")
    errors.fields["mode"].push_back("Must be \"async\" or \"sync\".");
  std::optional<std::string> wait;
  if (const auto asked = call.request.query_value("wait")) wait = std::string(*asked);
  const auto form_wait = form.value({"wait"});
  sync = mode == "sync" || is_true(form_wait) || is_true(wait);
  fields.trace = trace::to_text(call.trace);
  fields.mode = mode.value_or("") + " " + form_wait.value_or("");
  fields.sync = sync;
  fields.webhook_url = form.value({"webhookUrl", "webhook_url"});
  fields.notify_email = form.value({"notifyEmail", "notify_email"});
  if (fields.webhook_url)
    if (const auto fault = webhooks::url_fault(call.api.webhook_policy, *fields.webhook_url))
      errors.fields["webhookUrl"].push_back(*fault);
  if (fields.notify_email)
    if (const auto fault = email_fault(*fields.notify_email))
      errors.fields["notifyEmail"].push_back(*fault);
  if (const auto key = call.request.headers.find("Idempotency-Key")) {
    fields.idempotency_key = std::string(*key);
    if (key->empty() || key->size() > kMaxIdempotencyKey)
      errors.form.push_back("The Idempotency-Key must have 1 to 255 characters.");
  }
  return fields;
}

}  // namespace

tl::expected<ParseForm, ApiError> read_parse_form(Call& call) {
  FormReceiver form(call);
  if (auto read = read_body(call, form); !read) {
    // A connection that broke: the answer reaches nobody, but the log should not call it our fault.
    if (read.error().code == ErrorCode::io)
      return tl::unexpected(ApiError(400, "INCOMPLETE_REQUEST", read.error().message));
    return tl::unexpected(ApiError(read.error()));
  }
  FieldErrors errors;
  ParseForm out;
  out.fields = read_fields(call, form, out.sync, errors);
  out.upload = std::move(form.upload);
  if (!out.upload) errors.fields["file"].push_back("Required: the drawing, as a file.");
  if (!errors.empty()) return tl::unexpected(validation_error(std::move(errors)));
  return out;
}

std::optional<std::string> email_fault(std::string_view email) {
  if (accounts::email_key(email)) return std::nullopt;
  return "Must be an e-mail address of at most 320 characters.";
}

}  // namespace cad::http
