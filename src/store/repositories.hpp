// SPDX-License-Identifier: Apache-2.0
// The only places with SQL. Every call is atomic; errors as in Session.
#pragma once

#include "store/database.hpp"
#include "store/records.hpp"

namespace cad::store {

class JobRepository {
 public:
  explicit JobRepository(Database& database) : database_(database) {}

  // The job, the record of its Idempotency-Key and the count of its request, all or none. False:
  // its account has used `limit` requests in the job's month already. CONFLICT: that key is taken.
  Result<bool> insert(const Job& job, const std::optional<IdempotencyRecord>& record,
                      const std::optional<std::int64_t>& limit = std::nullopt);
  Result<Job> find(std::string_view id);  // NOT_FOUND
  // As find(). What the viewer may not see is NOT_FOUND too, so that nobody learns that it exists.
  Result<Job> find_seen(std::string_view id, const Viewer& viewer);
  Result<JobPage> list(const Viewer& viewer, const JobQuery& query);
  Result<std::vector<Part>> parts(std::string_view id);

  // For the holder of the lease (owner, attempt) only: false when somebody else has the job by now.
  Result<bool> complete(std::string_view id, std::string_view owner, std::int64_t attempt,
                        const std::vector<Part>& parts, UnixMs now, bool has_thumbnail = false);
  // `uncount`: the fault is the service's, the job's request shall not count. `dead`: it was given
  // up, and dead() lists it.
  Result<bool> fail_job(std::string_view id, std::string_view owner, std::int64_t attempt,
                        std::string_view error_code, std::string_view error_msg, UnixMs now,
                        bool uncount = false, bool dead = false);
  Result<std::vector<Job>> dead(std::int64_t limit);  // the latest first

  Result<bool> remove(std::string_view id);
  Result<void> mark_watched(std::string_view id);
  Result<void> mark_upload_gone(std::string_view id, UnixMs now);
  Result<std::vector<Job>> expired(UnixMs now, std::int64_t limit);
  // Ids of jobs made at `time` or before whose upload is still there, in any state.
  Result<std::vector<std::string>> with_upload_from_before(UnixMs time, std::int64_t limit);
  // In the order of the ids; "" for the first ones.
  Result<std::vector<std::string>> ids_after(std::string_view id, std::int64_t limit);
  Result<std::vector<std::string>> of_account(std::string_view account_id, std::int64_t limit);

 private:
  Database& database_;
};

class KeyRepository {
 public:
  explicit KeyRepository(Database& database) : database_(database) {}

  Result<void> insert_account(std::string_view id, std::string_view name, UnixMs now);
  Result<bool> any_account();
  Result<std::optional<std::string>> find_account(std::string_view name);  // its id; the oldest
  Result<bool> has_account(std::string_view id);
  Result<void> insert(const ApiKey& key);
  // The same, unless its account has `most` keys that work at the key's beginning: then false.
  Result<bool> insert_within(const ApiKey& key, std::int64_t most);
  // The key's account, under the key's name, and the key: both or none. False: there is an account
  // already.
  Result<bool> insert_first(const ApiKey& key);
  Result<ApiKey> find_by_hash(std::string_view hash);  // NOT_FOUND; revoked ones are found too
  Result<ApiKey> find(std::string_view id);            // the same
  // Newest first, of one account or of all; dashboards' keys are left out.
  Result<std::vector<ApiKey>> list(const std::optional<std::string>& account_id);
  // `replacement` is of the old one's family, one generation on. The old one ends at `old_until`,
  // if it does not end sooner. CONFLICT: it has been replaced already. False: as above.
  Result<bool> replace(const ApiKey& old, const ApiKey& replacement,
                       std::optional<UnixMs> old_until,
                       std::optional<std::int64_t> most = std::nullopt);
  Result<void> touch(std::string_view id, UnixMs now);
  Result<bool> revoke(std::string_view id, UnixMs now);
  Result<void> revoke_all(std::string_view account_id, UnixMs now);
  // With its keys. CONFLICT while it has jobs; false: there was none.
  Result<bool> remove_account(std::string_view account_id);

 private:
  Database& database_;
};

class IdempotencyRepository {
 public:
  explicit IdempotencyRepository(Database& database) : database_(database) {}

  Result<IdempotencyRecord> find(std::string_view key_id, std::string_view token);  // NOT_FOUND
  Result<std::int64_t> remove_older_than(UnixMs time);
  // That very one: not what has taken its place meanwhile.
  Result<void> remove(const IdempotencyRecord& record);

 private:
  Database& database_;
};

}  // namespace cad::store
