// SPDX-License-Identifier: Apache-2.0
#include "accounts/messages.hpp"

#include <nlohmann/json.hpp>

#include "crypto/bytes.hpp"

namespace cad::accounts {
namespace {

constexpr std::int64_t kMostMessages = 10'000;

std::string_view name_of(MessageKind kind) {
  return kind == MessageKind::contact ? "contact" : "waitlist";
}

// The owner answers from a mail program: the address is in the text, never in a header.
mail::Mail letter_to_owner(const std::string& owner, MessageKind kind, const std::string& id,
                           const MessageFields& fields) {
  mail::Mail mail;
  mail.to = owner;
  mail.id = id;
  mail.subject = kind == MessageKind::contact ? "A message to your CADLens service"
                                              : "Somebody waits for your CADLens service";
  for (const auto& [name, value] : fields) mail.text += name + ": " + value + "\n";
  return mail;
}

}  // namespace

Outcome<void> leave_message(const Accounts& accounts, MessageKind kind, const MessageFields& fields,
                            bool mail) {
  store::Message message{"msg_" + crypto::random_hex(12), std::string(name_of(kind)), "",
                         accounts.clock()};
  const std::string plain =
      nlohmann::json(fields).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  CAD_ASSIGN(message.sealed, accounts.messages.seal(plain, message.id));
  CAD_TRY(store::MessageRepository(accounts.database).insert(message, kMostMessages));
  if (mail && !accounts.settings.owner_email.empty())
    accounts.mailer.send(letter_to_owner(accounts.settings.owner_email, kind, message.id, fields));
  return {};
}

Result<std::vector<ReadMessage>> read_messages(store::Database& database,
                                               const secrets::SealedBox& box, std::int64_t limit) {
  CAD_ASSIGN(const auto stored, store::MessageRepository(database).list(limit));
  std::vector<ReadMessage> out;
  for (const store::Message& message : stored) {
    CAD_ASSIGN(const std::string plain, box.open(message.sealed, message.id));
    ReadMessage read{message.id, message.kind, message.created_at, {}};
    const auto json = nlohmann::json::parse(plain, nullptr, false);
    for (const auto& [name, value] : json.items())
      if (value.is_string()) read.fields[name] = value.get<std::string>();
    out.push_back(std::move(read));
  }
  return out;
}

Result<void> reseal_messages(store::Database& database, const secrets::SealedBox& box) {
  store::MessageRepository messages(database);
  CAD_ASSIGN(const auto stored, messages.list(kMostMessages));
  for (const store::Message& message : stored) {
    if (box.is_current(message.sealed)) continue;
    CAD_ASSIGN(const std::string plain, box.open(message.sealed, message.id));
    CAD_ASSIGN(const std::string sealed, box.seal(plain, message.id));
    CAD_TRY(messages.set_sealed(message.id, sealed));
  }
  return {};
}

}  // namespace cad::accounts
