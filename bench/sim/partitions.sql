-- SPDX-License-Identifier: Apache-2.0
-- The tables that grow with every job, partitioned by the range of a time-ordered id: 'job_t', twelve hex digits of
-- milliseconds, and 96 random bits. 't' sorts after every digit of the ids without a time, so these stay what they
-- are, in partitions of their own below 'job_t'. Columns as in src/store/migrations.cpp and tables/usage.hpp.
-- No table refers to another by a foreign key: dropping a partition would have to look for rows that refer to it.

CREATE FUNCTION job_floor(ms BIGINT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS
  $$ SELECT 'job_t' || lpad(to_hex(ms), 12, '0') $$;
CREATE FUNCTION log_floor(ms BIGINT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS
  $$ SELECT 'log_' || lpad(to_hex(ms), 12, '0') $$;

CREATE TABLE jobs (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY, uuid TEXT NOT NULL, key_id TEXT NOT NULL, account_id TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('PENDING','PROCESSING','COMPLETED','FAILED')),
  file_name TEXT NOT NULL, file_size BIGINT NOT NULL, mime_type TEXT NOT NULL, format TEXT NOT NULL,
  sha256 TEXT NOT NULL, webhook_url TEXT, notify_email TEXT, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
  started_at BIGINT, completed_at BIGINT, expires_at BIGINT NOT NULL, error_code TEXT, error_msg TEXT,
  progress BIGINT NOT NULL, phase TEXT NOT NULL, attempt BIGINT NOT NULL, failures BIGINT NOT NULL, lease_owner TEXT,
  lease_until BIGINT, available_at BIGINT NOT NULL, result_attempt BIGINT, watched BIGINT NOT NULL,
  upload_gone BIGINT NOT NULL, turn_at BIGINT NOT NULL DEFAULT 0, dead_at BIGINT) PARTITION BY RANGE (id);
-- An id begins with its time: lists by time are lists by id, and the index need not hold the time again.
CREATE INDEX jobs_by_key ON jobs (key_id, id);
CREATE INDEX jobs_by_account ON jobs (account_id, id);
-- Only what waits or runs: small, however many jobs there are.
CREATE INDEX jobs_waiting ON jobs (account_id, turn_at, id) WHERE status = 'PENDING';
CREATE INDEX jobs_running ON jobs (lease_until) WHERE status = 'PROCESSING';

CREATE TABLE parts (
  job_id TEXT COLLATE "C" NOT NULL, kind TEXT NOT NULL, number BIGINT NOT NULL, size BIGINT NOT NULL,
  PRIMARY KEY (job_id, kind, number)) PARTITION BY RANGE (job_id);

CREATE TABLE events (
  job_id TEXT COLLATE "C" NOT NULL, sequence BIGINT NOT NULL, id TEXT NOT NULL, account_id TEXT NOT NULL, name TEXT NOT NULL,
  created_at BIGINT NOT NULL, PRIMARY KEY (job_id, sequence)) PARTITION BY RANGE (job_id);

CREATE TABLE deliveries (
  job_id TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, sequence BIGINT NOT NULL, account_id TEXT NOT NULL, kind TEXT NOT NULL,
  target TEXT NOT NULL, endpoint_id TEXT, lane TEXT NOT NULL, state TEXT NOT NULL, tries BIGINT NOT NULL,
  attempts BIGINT NOT NULL, first_at BIGINT, next_at BIGINT NOT NULL, lease_until BIGINT NOT NULL, ended_at BIGINT,
  PRIMARY KEY (job_id, id)) PARTITION BY RANGE (job_id);
CREATE INDEX deliveries_due ON deliveries (next_at) WHERE state = 'PENDING';

CREATE TABLE attempts (
  job_id TEXT COLLATE "C" NOT NULL, delivery_id TEXT NOT NULL, number BIGINT NOT NULL, at BIGINT NOT NULL,
  duration_ms BIGINT NOT NULL, status BIGINT, error TEXT,
  PRIMARY KEY (job_id, delivery_id, number)) PARTITION BY RANGE (job_id);

CREATE TABLE activity (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY, account_id TEXT NOT NULL, key_id TEXT, at BIGINT NOT NULL, source TEXT NOT NULL,
  level TEXT NOT NULL, message TEXT NOT NULL, job_id TEXT, status BIGINT, request_id TEXT, detail TEXT NOT NULL
  ) PARTITION BY RANGE (id);
CREATE INDEX activity_by_account ON activity (account_id, id);

-- The partitions of one stretch of time, all tables. Ahead of time, by whoever has the duty to.
CREATE PROCEDURE make_partitions(name TEXT, from_ms BIGINT, until_ms BIGINT) LANGUAGE plpgsql AS $$
DECLARE one TEXT;
BEGIN
  FOREACH one IN ARRAY ARRAY['jobs','parts','events','deliveries','attempts'] LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', one || '_' || name, one,
                   job_floor(from_ms), job_floor(until_ms));
  END LOOP;
  EXECUTE format('CREATE TABLE %I PARTITION OF activity FOR VALUES FROM (%L) TO (%L)', 'activity_' || name,
                 log_floor(from_ms), log_floor(until_ms));
END $$;

CREATE PROCEDURE drop_partitions(name TEXT) LANGUAGE plpgsql AS $$
DECLARE one TEXT;
BEGIN
  FOREACH one IN ARRAY ARRAY['attempts','deliveries','events','parts','jobs','activity'] LOOP
    EXECUTE format('DROP TABLE %I', one || '_' || name);
  END LOOP;
END $$;
