// SPDX-License-Identifier: Apache-2.0
// Migration 6: what accounts use, what happens in them, and the record of security events. Days are
// counted from 1970, months are yyyymm, both UTC.
#pragma once

#include <array>
#include <string_view>

namespace cad::store {

inline constexpr auto kUsageTables = std::to_array<std::string_view>({
    "CREATE TABLE quota_months ("
    "  account_id TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
    "  month {int} NOT NULL, used {int} NOT NULL, PRIMARY KEY (account_id, month)){strict}",

    "CREATE TABLE usage ("
    "  account_id TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
    "  day {int} NOT NULL, key_id TEXT NOT NULL, format TEXT NOT NULL, requests {int} NOT NULL,"
    "  PRIMARY KEY (account_id, day, key_id, format)){strict}",
    "CREATE INDEX usage_by_day ON usage(day, key_id)",

    "CREATE TABLE usage_spikes ("
    "  account_id TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
    "  key_id TEXT NOT NULL, day {int} NOT NULL, requests {int} NOT NULL, usual {int} NOT NULL,"
    "  at {int} NOT NULL, PRIMARY KEY (account_id, day, key_id)){strict}",

    // Ids begin with their time: their order is the order of time.
    "CREATE TABLE activity ("
    "  id TEXT NOT NULL PRIMARY KEY,"
    "  account_id TEXT NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
    "  key_id TEXT, at {int} NOT NULL,"
    "  source TEXT NOT NULL CHECK (source IN ('request','job','webhook','account')),"
    "  level TEXT NOT NULL CHECK (level IN ('info','warn','error')),"
    "  message TEXT NOT NULL, job_id TEXT, status {int}, request_id TEXT,"
    "  detail TEXT NOT NULL){strict}",
    "CREATE INDEX activity_by_account ON activity(account_id, id)",

    // No reference to accounts: the record outlives them.
    "CREATE TABLE audit ("
    "  seq {int} NOT NULL PRIMARY KEY, at {int} NOT NULL, account_id TEXT NOT NULL,"
    "  actor TEXT NOT NULL, event TEXT NOT NULL, address TEXT NOT NULL, detail TEXT NOT NULL,"
    "  key_id TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL){strict}",
    "CREATE INDEX audit_by_account ON audit(account_id, seq)",
    "{sqlite}CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "{sqlite}CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "{postgres}CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RAISE EXCEPTION ''the audit log is append-only''; END'",
    "{postgres}CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit"
    " FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "{postgres}CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
});

}  // namespace cad::store
