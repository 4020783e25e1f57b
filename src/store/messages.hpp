// SPDX-License-Identifier: Apache-2.0
// What strangers wrote to whoever runs the service; the texts are sealed.
#pragma once

#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::store {

struct Message {
  std::string id;
  std::string kind;  // "contact", "waitlist"
  std::string sealed;
  UnixMs created_at = 0;
};

class MessageRepository {
 public:
  explicit MessageRepository(Database& database) : database_(database) {}

  // Of more than `most` the oldest go.
  Result<void> insert(const Message& message, std::int64_t most);
  Result<std::vector<Message>> list(std::int64_t limit);  // newest first
  Result<void> set_sealed(std::string_view id, std::string_view sealed);
  Result<std::int64_t> remove_older_than(UnixMs time);

 private:
  Database& database_;
};

}  // namespace cad::store
