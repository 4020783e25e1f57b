// SPDX-License-Identifier: Apache-2.0
// PostgreSQL (13 or newer, UTF-8) behind the port, over libpq: a pool of connections that mends
// itself. Times out rather than waits: every call ends within the sum of these times.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "store/database.hpp"

namespace cad::store {

struct PostgresOptions {
  std::string url;  // postgresql://user:password@host:port/name?...; never part of a message
  int pool = 10;    // connections at most
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds wait_timeout{5000};  // for a free connection
  std::chrono::milliseconds statement_timeout{15000};
  std::chrono::milliseconds lock_timeout{5000};
  std::chrono::milliseconds idle_transaction_timeout{15000};
  // For whoever has the database to itself (a migration, a restore), and how long such a one, or a
  // backup, may be silent before the server ends it.
  std::chrono::milliseconds alone_timeout{30000};
  std::chrono::milliseconds patient_idle_timeout{600000};
  // Whether a connection that was idle for so long still lives is asked, and answered soon.
  std::chrono::milliseconds idle_before_ping{30000};
  std::chrono::milliseconds ping_timeout{2000};
  // After a lost connection: how long the fate of a COMMIT is asked for.
  std::chrono::milliseconds commit_timeout{10000};
  std::string application_name = "cadlens";
};

// Connects once: INVALID_ARGUMENT for a URL that is none, a user or database that the server does
// not know, or a server that is too old; UNAVAILABLE when it is away. From then on a server that
// goes away makes calls fail at once with UNAVAILABLE, and one that comes back is used again.
//
// Transactions are READ COMMITTED. One that fails to serialize, meets a deadlock or loses its
// connection is rolled back and its body run anew, a bounded number of times: a body may have no
// effect outside that it does not make afresh.
Result<std::unique_ptr<Database>> open_postgres(const PostgresOptions& options);

bool is_postgres_url(std::string_view text);

}  // namespace cad::store
