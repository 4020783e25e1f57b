// SPDX-License-Identifier: Apache-2.0
// Strangers write to whoever runs the service: a question, or a wish to be told when there is room.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "accounts/services.hpp"
#include "store/messages.hpp"

namespace cad::accounts {

inline constexpr secrets::SealedUse kMessageUse{
    .key_info = "messages, version 1", .bound_to = "cadlens message ", .name = "message"};
inline constexpr std::chrono::hours kMessageLife{24 * 365};

enum class MessageKind : std::uint8_t { contact, waitlist };
using MessageFields = std::map<std::string, std::string>;  // "email", "message" ...

// Kept sealed, the newest 10,000 of them, and with `mail` mailed to the owner where that is
// configured.
Outcome<void> leave_message(const Accounts& accounts, MessageKind kind, const MessageFields& fields,
                            bool mail);

struct ReadMessage {
  std::string id, kind;
  UnixMs created_at = 0;
  MessageFields fields;
};
// Newest first.
Result<std::vector<ReadMessage>> read_messages(store::Database& database,
                                               const secrets::SealedBox& box, std::int64_t limit);
// After a rotation of the master key.
Result<void> reseal_messages(store::Database& database, const secrets::SealedBox& box);

}  // namespace cad::accounts
