// SPDX-License-Identifier: Apache-2.0
// What the repositories take and give. Times are milliseconds since 1970, UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cad::store {

using UnixMs = std::int64_t;

enum class JobStatus : std::uint8_t { pending, processing, completed, failed };
std::string_view to_string(JobStatus status);  // "PENDING" ...
std::optional<JobStatus> parse_job_status(std::string_view text);
inline bool is_final(JobStatus status) {
  return status == JobStatus::completed || status == JobStatus::failed;
}

struct Job {
  std::string id;    // "job_" and 32 hex digits
  std::string uuid;  // RFC 4122, version 4
  std::string key_id, account_id;
  JobStatus status = JobStatus::pending;
  std::string file_name;
  std::int64_t file_size = 0;
  std::string mime_type, format, sha256;
  std::optional<std::string> webhook_url, notify_email;
  UnixMs created_at = 0, updated_at = 0;
  std::optional<UnixMs> started_at, completed_at;
  UnixMs expires_at = 0;
  std::optional<std::string> error_code, error_msg;
  std::int64_t progress = 0;  // 0..100
  std::string phase;          // "queued", "reading" ...
  std::int64_t attempt = 0;   // leases so far; names the place of that attempt's parts
  std::int64_t failures = 0;  // attempts that ended with the worker killed from outside
  std::optional<std::int64_t> result_attempt;  // whose parts are the result
  bool watched = false;
  bool upload_gone = false;
  // What waits is taken in this order: created_at, later for what can wait (queue/turns.hpp). 0
  // when it is inserted: created_at.
  UnixMs turn_at = 0;
  std::string trace = {};      // of its request, as trace::to_text() writes it; may be empty
  std::int64_t excused = 0;    // of its attempts: those that say nothing about it, as at a stop
  bool has_thumbnail = false;  // its result does
};

// One stored piece of a result: blob results/<job>/<attempt>/<kind>-<number>.
struct Part {
  std::string kind;
  std::int64_t number = 0;
  std::int64_t size = 0;
};

// Where a page starts: what is older than this one.
struct PageCursor {
  UnixMs created_at = 0;
  std::string id;
};
struct JobQuery {
  std::optional<JobStatus> status = std::nullopt;
  std::string format = {};  // as jobs have it; empty: any
  std::string text = {};    // within the file's name; the case of ASCII is ignored
  std::optional<PageCursor> after = std::nullopt;
  std::int64_t limit = 100;
};
// With a format or a text a page may be short, or empty, while there is a next one: so many jobs
// are looked at for one page, and no more.
struct JobPage {
  std::vector<Job> jobs;           // newest first
  std::optional<PageCursor> next;  // none: there are no more
};

// What an account is, for whoever acts for it.
struct AccountState {
  std::optional<std::string> plan;  // none: the installation's default
  std::optional<UnixMs> suspended_at;
};

// Who looks at jobs: a key sees its own and those of keys that it replaced, a session all of its
// account.
struct Viewer {
  std::string account_id, key_id;
  bool whole_account = false;
};

struct ApiKey {
  std::string id, account_id;
  std::string name;
  std::string label = {};  // what it is for, in the owner's words: "production", "quotes"
  std::string prefix;      // first 12 characters of the raw key
  std::string hash;        // SHA-256 of the raw key, hex
  std::string scopes;      // space separated
  // Where it may be used from, space separated; empty: anywhere.
  std::string allowed_networks = {};
  // A key and those that replaced it, one after the other, are a family; a key sees the jobs of its
  // own generation and of older ones. Empty family: the key starts one under its own id.
  std::string family = {};
  std::int64_t generation = 0;
  std::string result_schema = "2.0.0";  // shape of the results it gets, unless it asks for another
  UnixMs created_at = 0;
  std::optional<UnixMs> expires_at = std::nullopt;
  std::optional<UnixMs> revoked_at = std::nullopt;
  std::optional<UnixMs> last_used_at = std::nullopt;
  // What an account's own dashboard uploads with: nobody has it, no list shows it.
  bool is_dashboard = false;
  AccountState account = {};  // as read
};

struct IdempotencyRecord {
  std::string key_id;
  std::string token;        // the client's Idempotency-Key
  std::string fingerprint;  // SHA-256 over the upload and the fields
  std::string job_id;
  UnixMs created_at = 0;
};

}  // namespace cad::store
