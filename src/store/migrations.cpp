// SPDX-License-Identifier: Apache-2.0
// Forward only: a migration that has been released is never edited, a change is a new one.
//
// Nodes of the version before go on serving while a migration runs and after it: from the second
// migration on statements only add (tables, columns with a default or null, indexes), or take away
// an index that only costs. A test holds them to it. An index on a large table keeps its writers
// waiting while it is built: it is made with IF NOT EXISTS, so that an operator may build it in
// advance with CREATE INDEX CONCURRENTLY.
#include "store/migrations.hpp"

#include <chrono>
#include <thread>

#include "store/database.hpp"
#include "store/tables/cluster.hpp"
#include "store/tables/queue.hpp"
#include "store/tables/usage.hpp"

namespace cad::store {
namespace {

// {int} and {strict} are the only words in which the two databases' CREATE TABLE differ;
// PostgreSQL's texts are compared by their bytes, as SQLite's are, whatever the database's
// language.
constexpr std::string_view kFirst[] = {
    "CREATE TABLE accounts ("
    "  id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, created_at {int} NOT NULL){strict}",

    "CREATE TABLE api_keys ("
    "  id TEXT NOT NULL PRIMARY KEY,"
    "  account_id TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
    "  name TEXT NOT NULL, prefix TEXT NOT NULL, hash TEXT NOT NULL UNIQUE,"
    "  scopes TEXT NOT NULL, created_at {int} NOT NULL, expires_at {int}, revoked_at {int},"
    "  last_used_at {int}){strict}",

    "CREATE TABLE jobs ("
    "  id TEXT NOT NULL PRIMARY KEY, uuid TEXT NOT NULL UNIQUE,"
    "  key_id TEXT NOT NULL REFERENCES api_keys(id),"
    "  account_id TEXT NOT NULL REFERENCES accounts(id),"
    "  status TEXT NOT NULL CHECK (status IN ('PENDING','PROCESSING','COMPLETED','FAILED')),"
    "  file_name TEXT NOT NULL, file_size {int} NOT NULL, mime_type TEXT NOT NULL,"
    "  format TEXT NOT NULL, sha256 TEXT NOT NULL, webhook_url TEXT, notify_email TEXT,"
    "  created_at {int} NOT NULL, updated_at {int} NOT NULL, started_at {int}, completed_at {int},"
    "  expires_at {int} NOT NULL, error_code TEXT, error_msg TEXT,"
    "  progress {int} NOT NULL, phase TEXT NOT NULL,"
    "  attempt {int} NOT NULL, failures {int} NOT NULL,"
    "  lease_owner TEXT, lease_until {int}, available_at {int} NOT NULL,"
    "  result_attempt {int}, watched {int} NOT NULL, upload_gone {int} NOT NULL){strict}",
    "CREATE INDEX jobs_by_key ON jobs(key_id, created_at, id)",
    "CREATE INDEX jobs_queue ON jobs(status, available_at, id)",
    "CREATE INDEX jobs_expiry ON jobs(expires_at)",

    "CREATE TABLE parts ("
    "  job_id TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,"
    "  kind TEXT NOT NULL, number {int} NOT NULL, size {int} NOT NULL,"
    "  PRIMARY KEY (job_id, kind, number)){strict}",

    "CREATE TABLE idempotency ("
    "  key_id TEXT NOT NULL REFERENCES api_keys(id) ON DELETE CASCADE,"
    "  token TEXT NOT NULL, fingerprint TEXT NOT NULL,"
    "  job_id TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,"
    "  created_at {int} NOT NULL, PRIMARY KEY (key_id, token)){strict}",
    "CREATE INDEX idempotency_by_job ON idempotency(job_id)",
    "CREATE INDEX idempotency_by_age ON idempotency(created_at)",
};

// Webhooks and mails: what happened (events), who is to be told (deliveries), each try (attempts).
// Secrets are sealed by the application: nothing here can sign.
constexpr std::string_view kSecond[] = {
    "CREATE TABLE webhook_endpoints ("
    "  id TEXT NOT NULL PRIMARY KEY,"
    "  account_id TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
    "  url TEXT NOT NULL, secret TEXT NOT NULL, old_secret TEXT, old_secret_until {int},"
    "  is_active {int} NOT NULL, is_default {int} NOT NULL, created_at {int} NOT NULL,"
    "  disabled_at {int}, disabled_reason TEXT, UNIQUE (account_id, url)){strict}",

    "CREATE TABLE webhook_secrets ("
    "  account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE,"
    "  secret TEXT NOT NULL, old_secret TEXT, old_secret_until {int}){strict}",

    "CREATE TABLE events ("
    "  id TEXT NOT NULL PRIMARY KEY,"
    "  job_id TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,"
    "  account_id TEXT NOT NULL, sequence {int} NOT NULL, name TEXT NOT NULL,"
    "  created_at {int} NOT NULL, UNIQUE (job_id, sequence)){strict}",

    "CREATE TABLE deliveries ("
    "  id TEXT NOT NULL PRIMARY KEY,"
    "  event_id TEXT NOT NULL REFERENCES events(id) ON DELETE CASCADE,"
    "  job_id TEXT NOT NULL, account_id TEXT NOT NULL, sequence {int} NOT NULL,"
    "  kind TEXT NOT NULL CHECK (kind IN ('webhook','mail')), target TEXT NOT NULL,"
    "  endpoint_id TEXT, lane TEXT NOT NULL,"
    "  state TEXT NOT NULL CHECK (state IN ('PENDING','DELIVERED','SKIPPED','FAILED')),"
    "  tries {int} NOT NULL, attempts {int} NOT NULL, first_at {int}, next_at {int} NOT NULL,"
    "  lease_until {int} NOT NULL, ended_at {int}){strict}",
    "CREATE INDEX deliveries_due ON deliveries(state, next_at)",
    "CREATE INDEX deliveries_order ON deliveries(job_id, target, sequence)",
    "CREATE INDEX deliveries_by_event ON deliveries(event_id)",

    "CREATE TABLE attempts ("
    "  delivery_id TEXT NOT NULL REFERENCES deliveries(id) ON DELETE CASCADE,"
    "  number {int} NOT NULL, at {int} NOT NULL, duration_ms {int} NOT NULL, status {int},"
    "  error TEXT, PRIMARY KEY (delivery_id, number)){strict}",
};
// For the queue's turns of accounts.
constexpr std::string_view kTurns[] = {
    "CREATE INDEX jobs_turns ON jobs(status, account_id, available_at, id)"};

// Replacing a key, and what a key may be bound to.
constexpr std::string_view kKeyFamilies[] = {
    "ALTER TABLE api_keys ADD COLUMN label TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE api_keys ADD COLUMN allowed_networks TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE api_keys ADD COLUMN family TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE api_keys ADD COLUMN generation {int} NOT NULL DEFAULT 0",
    "UPDATE api_keys SET family = id",
    // One replacement for each key: of two at the same time the second fails.
    "CREATE UNIQUE INDEX api_keys_family ON api_keys(family, generation)",
    "CREATE INDEX api_keys_account ON api_keys(account_id, created_at)"};

// Accounts with a person behind them, and their sessions.
constexpr std::string_view kAccounts[] = {
    "ALTER TABLE accounts ADD COLUMN plan TEXT",
    "ALTER TABLE accounts ADD COLUMN suspended_at {int}",
    "ALTER TABLE api_keys ADD COLUMN kind TEXT NOT NULL DEFAULT 'api'",
    "CREATE UNIQUE INDEX api_keys_dashboard ON api_keys(account_id) WHERE kind = 'dashboard'",
    "CREATE INDEX jobs_by_account ON jobs(account_id, created_at, id)",

    "CREATE TABLE users ("
    "  account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE,"
    "  uuid TEXT NOT NULL UNIQUE, email TEXT NOT NULL, email_key TEXT NOT NULL UNIQUE,"
    "  password_hash TEXT, password_changed_at {int}, primary_provider TEXT NOT NULL,"
    "  profile TEXT, created_at {int} NOT NULL){strict}",

    "CREATE TABLE sessions ("
    "  id TEXT NOT NULL PRIMARY KEY,"
    "  account_id TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
    "  user_agent TEXT NOT NULL, address TEXT NOT NULL, created_at {int} NOT NULL,"
    "  last_used_at {int} NOT NULL, expires_at {int} NOT NULL){strict}",
    "CREATE INDEX sessions_by_account ON sessions(account_id)",
    "CREATE INDEX sessions_by_age ON sessions(expires_at)",

    "CREATE TABLE refresh_tokens ("
    "  hash TEXT NOT NULL PRIMARY KEY,"
    "  session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,"
    "  created_at {int} NOT NULL, expires_at {int} NOT NULL, used_at {int}){strict}",
    "CREATE INDEX refresh_tokens_by_session ON refresh_tokens(session_id, expires_at)",

    "CREATE TABLE session_keys ("
    "  kid TEXT NOT NULL PRIMARY KEY, sealed TEXT NOT NULL, public_jwk TEXT NOT NULL,"
    "  created_at {int} NOT NULL, retired_at {int}){strict}",

    "CREATE TABLE registrations ("
    "  hash TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL, email_key TEXT NOT NULL,"
    "  password_hash TEXT NOT NULL, invite TEXT, created_at {int} NOT NULL,"
    "  expires_at {int} NOT NULL){strict}",
    "CREATE INDEX registrations_by_email ON registrations(email_key, created_at)",

    "CREATE TABLE account_tokens ("
    "  hash TEXT NOT NULL PRIMARY KEY,"
    "  account_id TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
    "  purpose TEXT NOT NULL CHECK (purpose IN ('reset_password','change_email')),"
    "  email TEXT, email_key TEXT, created_at {int} NOT NULL, expires_at {int} NOT NULL){strict}",
    "CREATE INDEX account_tokens_by_account ON account_tokens(account_id)",

    "CREATE TABLE invites ("
    "  hash TEXT NOT NULL PRIMARY KEY, email_key TEXT, plan TEXT, created_at {int} NOT NULL,"
    "  expires_at {int} NOT NULL){strict}",
};

// The shape of the results that a key gets.
constexpr std::string_view kResultSchemas[] = {
    "ALTER TABLE api_keys ADD COLUMN result_schema TEXT NOT NULL DEFAULT '2.0.0'"};

// Who an account is at Google or GitHub, and sign-ins that wait for their browser to come back.
// Of a state, a cookie and an invitation only hashes are here; verifier and nonce are sealed.
constexpr std::string_view kIdentities[] = {
    "CREATE TABLE identities ("
    "  issuer TEXT NOT NULL, subject TEXT NOT NULL,"
    "  account_id TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
    "  provider TEXT NOT NULL, email TEXT, created_at {int} NOT NULL,"
    "  PRIMARY KEY (issuer, subject)){strict}",
    "CREATE INDEX identities_by_account ON identities(account_id)",

    "CREATE TABLE oauth_states ("
    "  state_hash TEXT NOT NULL PRIMARY KEY, provider TEXT NOT NULL, binding_hash TEXT NOT NULL,"
    "  sealed TEXT NOT NULL, redirect_uri TEXT NOT NULL,"
    "  purpose TEXT NOT NULL CHECK (purpose IN ('sign_in','link')),"
    "  account_id TEXT REFERENCES accounts(id) ON DELETE CASCADE,"
    "  session_id TEXT REFERENCES sessions(id) ON DELETE CASCADE,"
    "  invite_hash TEXT, return_to TEXT,"
    "  created_at {int} NOT NULL, expires_at {int} NOT NULL){strict}",
    "CREATE INDEX oauth_states_by_age ON oauth_states(expires_at)",
    "CREATE INDEX oauth_states_by_account ON oauth_states(account_id)",
    "CREATE INDEX oauth_states_by_session ON oauth_states(session_id)"};

// Strangers' messages to whoever runs the service, sealed.
constexpr std::string_view kMessages[] = {
    "CREATE TABLE messages ("
    "  id TEXT NOT NULL PRIMARY KEY,"
    "  kind TEXT NOT NULL CHECK (kind IN ('contact','waitlist')), sealed TEXT NOT NULL,"
    "  created_at {int} NOT NULL){strict}",
    "CREATE INDEX messages_by_age ON messages(created_at)"};

// Which trace a job belongs to: see trace/context.hpp.
constexpr std::string_view kTraces[] = {
    "ALTER TABLE jobs ADD COLUMN trace TEXT NOT NULL DEFAULT ''"};

// Attempts that do not count against their job.
constexpr std::string_view kExcused[] = {
    "ALTER TABLE jobs ADD COLUMN excused {int} NOT NULL DEFAULT 0"};

// What lets the owner of a fresh installation in: see accounts/first_sign_in.hpp.
constexpr std::string_view kSignInLinks[] = {
    "CREATE TABLE sign_in_links ("
    "  hash TEXT NOT NULL PRIMARY KEY,"
    "  account_id TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
    "  created_at {int} NOT NULL, expires_at {int} NOT NULL){strict}",
    "CREATE INDEX sign_in_links_by_account ON sign_in_links(account_id)",
    "CREATE INDEX sign_in_links_by_age ON sign_in_links(expires_at)"};

// What became of the requests that are counted.
constexpr std::string_view kOutcomes[] = {
    "ALTER TABLE usage ADD COLUMN completed {int} NOT NULL DEFAULT 0",
    "ALTER TABLE usage ADD COLUMN failed {int} NOT NULL DEFAULT 0"};

// Test events, and a log of deliveries by account. A node of before writes deliveries without a
// time: they are the last of the list until they go with their jobs.
constexpr std::string_view kDeliveryLog[] = {
    "CREATE TABLE webhook_tests ("
    "  id TEXT NOT NULL PRIMARY KEY, event_id TEXT NOT NULL,"
    "  account_id TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
    "  endpoint_id TEXT NOT NULL,"
    "  state TEXT NOT NULL CHECK (state IN ('PENDING','DELIVERED','FAILED')),"
    "  attempts {int} NOT NULL, last_status {int}, last_error TEXT, created_at {int} NOT NULL,"
    "  lease_until {int} NOT NULL, ended_at {int}){strict}",
    "CREATE INDEX webhook_tests_by_account ON webhook_tests(account_id, created_at, id)",
    "CREATE INDEX webhook_tests_by_age ON webhook_tests(created_at)",
    "CREATE INDEX webhook_tests_waiting ON webhook_tests(created_at, id) WHERE state = 'PENDING'",
    "ALTER TABLE deliveries ADD COLUMN created_at {int} NOT NULL DEFAULT 0",
    "UPDATE deliveries SET created_at ="
    " (SELECT e.created_at FROM events e WHERE e.id = deliveries.event_id)",
    "CREATE INDEX IF NOT EXISTS deliveries_by_account ON deliveries(account_id, created_at, id)"
    " WHERE kind = 'webhook'"};

// It lies in the pack of the result: a row of `parts` would speak of an object.
constexpr std::string_view kThumbnails[] = {
    "ALTER TABLE jobs ADD COLUMN has_thumbnail {int} NOT NULL DEFAULT 0"};

constexpr std::array kMigrations{
    Migration{1, kFirst},       Migration{2, kSecond},        Migration{3, kTurns},
    Migration{4, kKeyFamilies}, Migration{5, kAccounts},      Migration{6, kUsageTables},
    Migration{7, kIdentities},  Migration{8, kResultSchemas}, Migration{9, kMessages},
    Migration{10, kLocks},      Migration{11, kHotPath},      Migration{12, kQueueTables},
    Migration{13, kDuties},     Migration{14, kTraces},       Migration{15, kLeanLeases},
    Migration{16, kExcused},    Migration{17, kFewerIndexes}, Migration{18, kSignInLinks},
    Migration{19, kOutcomes},   Migration{20, kDeliveryLog},  Migration{21, kThumbnails}};

constexpr int kTries = 10;
constexpr std::chrono::milliseconds kPause{300};

// A statement that only one of the two needs names it at its beginning.
bool is_for(std::string_view& sql, Dialect dialect) {
  for (const auto& [word, only] :
       {std::pair<std::string_view, Dialect>("{sqlite}", Dialect::sqlite),
        {"{postgres}", Dialect::postgres}}) {
    if (!sql.starts_with(word)) continue;
    sql.remove_prefix(word.size());
    return dialect == only;
  }
  return true;
}

std::string in_dialect(std::string_view sql, Dialect dialect) {
  const bool sqlite = dialect == Dialect::sqlite;
  std::string out(sql);
  const auto replace = [&out](std::string_view word, std::string_view with) {
    for (auto at = out.find(word); at != std::string::npos; at = out.find(word, at + with.size()))
      out.replace(at, word.size(), with);
  };
  replace("{int}", sqlite ? "INTEGER" : "BIGINT");
  replace("{strict}", sqlite ? " STRICT" : "");
  if (!sqlite) replace(" TEXT", " TEXT COLLATE \"C\"");
  return out;
}

Result<void> run_one(Session& session, Dialect dialect, const Migration& migration,
                     std::int64_t now) {
  for (std::string_view sql : migration.statements)
    if (is_for(sql, dialect)) CAD_TRY(session.run(in_dialect(sql, dialect), {}));
  CAD_TRY(session.run("INSERT INTO schema_migrations(version, applied_at) VALUES ($1, $2)",
                      {migration.version, now}));
  return {};
}

Result<std::int64_t> version_in(Session& session, Dialect dialect) {
  const std::string versions = in_dialect(
      "CREATE TABLE IF NOT EXISTS schema_migrations ("
      "  version {int} NOT NULL PRIMARY KEY, applied_at {int} NOT NULL){strict}",
      dialect);
  CAD_TRY(session.run(versions, {}));
  CAD_ASSIGN(const Rows found,
             session.run("SELECT COALESCE(MAX(version), 0) FROM schema_migrations", {}));
  return found.rows.at(0).integer(0);
}

Result<void> check_not_newer(std::int64_t version) {
  if (version <= newest_version()) return {};
  return fail(ErrorCode::conflict,
              "The database was written by a newer version of CADLens (schema " +
                  std::to_string(version) + "); use that version or a fresh database.");
}

}  // namespace

std::span<const Migration> all_migrations() { return kMigrations; }

std::int64_t newest_version() { return kMigrations.back().version; }

Result<void> migrate_within(Session& session, Dialect dialect, std::int64_t version,
                            std::int64_t now) {
  CAD_ASSIGN(const std::int64_t current, version_in(session, dialect));
  CAD_TRY(check_not_newer(current));
  for (const Migration& migration : kMigrations)
    if (migration.version > current && migration.version <= version)
      CAD_TRY(run_one(session, dialect, migration, now));
  return {};
}

Result<void> migrate(Database& database, std::int64_t now) {
  // Nearly always there is nothing to do, which needs no lock and no right to make tables.
  const auto current = database.read("SELECT COALESCE(MAX(version), 0) FROM schema_migrations", {});
  if (!current && current.error().code == ErrorCode::unavailable)
    return tl::unexpected(current.error());
  if (current) {
    const std::int64_t version = current->rows.at(0).integer(0);
    CAD_TRY(check_not_newer(version));
    if (version == newest_version()) return {};
  }
  Result<void> done;
  for (int i = 0; i < kTries; ++i) {
    if (i > 0) std::this_thread::sleep_for(kPause * i);
    done = database.exclusively([&](Session& session) {
      return migrate_within(session, database.dialect(), newest_version(), now);
    });
    // A table that is busy is left to the others for a while: they would all wait behind us.
    if (done || done.error().code != ErrorCode::unavailable) return done;
  }
  return done;
}

}  // namespace cad::store
