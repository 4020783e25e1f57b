// SPDX-License-Identifier: Apache-2.0
#include "store/messages.hpp"

namespace cad::store {

Result<void> MessageRepository::insert(const Message& message, std::int64_t most) {
  return database_.transaction([&](Session& session) -> Result<void> {
    CAD_TRY(session.run("INSERT INTO messages (id, kind, sealed, created_at) VALUES ($1,$2,$3,$4)",
                        {message.id, message.kind, message.sealed, message.created_at}));
    CAD_TRY(
        session.run("DELETE FROM messages WHERE id IN (SELECT id FROM messages"
                    " ORDER BY created_at DESC, id DESC LIMIT 1000 OFFSET $1)",
                    {most}));
    return {};
  });
}

Result<std::vector<Message>> MessageRepository::list(std::int64_t limit) {
  CAD_ASSIGN(const Rows rows, database_.read("SELECT id, kind, sealed, created_at FROM messages"
                                             " ORDER BY created_at DESC, id DESC LIMIT $1",
                                             {limit}));
  std::vector<Message> messages;
  for (const Row& row : rows.rows)
    messages.push_back({row.text(0), row.text(1), row.text(2), row.integer(3)});
  return messages;
}

Result<void> MessageRepository::set_sealed(std::string_view id, std::string_view sealed) {
  CAD_TRY(database_.write("UPDATE messages SET sealed = $2 WHERE id = $1",
                          {std::string(id), std::string(sealed)}));
  return {};
}

Result<std::int64_t> MessageRepository::remove_older_than(UnixMs time) {
  CAD_ASSIGN(const Rows rows,
             database_.write("DELETE FROM messages WHERE created_at < $1", {time}));
  return rows.changed;
}

}  // namespace cad::store
