#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a job costs PostgreSQL: processor time, write-ahead log, flushes. The tables are made by the project's own
migrations (read from src/store), the statements are those of src/store and src/queue in the order of a job's life;
pgbench runs them against a server with nothing turned off. Redis names the job to claim, as in a cluster.

usage: bench/sim/database_costs.py [--jobs N] [--out FILE]
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import tempfile

import postgres

HERE = pathlib.Path(__file__).resolve().parent
STORE = HERE.parents[1] / "src/store"
JOB = "'job_' || lpad(to_hex(:a::bigint), 16, '0') || lpad(to_hex(:b::bigint), 16, '0')"
KEY = "'key_' || :account"
ACCOUNT = "'acc_' || :account"
SEEN = ("SELECT older.id FROM api_keys AS mine JOIN api_keys AS older ON older.family = mine.family"
        f" AND older.generation <= mine.generation WHERE mine.id = {KEY}")
VARIABLES = """\\set account random_zipfian(1, 1000, 1.1)
\\set a random(0, 2147483647)
\\set b random(0, 2147483647)
\\set now random(1790000000000, 1790086400000)"""
WHO = (f"SELECT k.id, k.account_id, k.scopes, a.plan FROM api_keys k JOIN accounts a ON a.id = k.account_id"
       f" WHERE k.hash = 'h' || :account;")
SUBMIT = f"""BEGIN;
INSERT INTO quota_months (account_id, month, used) VALUES ({ACCOUNT}, 202611, 1) ON CONFLICT (account_id, month) DO UPDATE SET used = quota_months.used + 1 WHERE quota_months.used < 9000000000 RETURNING used;
INSERT INTO usage (account_id, day, key_id, format, requests) VALUES ({ACCOUNT}, 20000, {KEY}, 'dxf', 1) ON CONFLICT (account_id, day, key_id, format) DO UPDATE SET requests = usage.requests + 1;
INSERT INTO jobs (id, uuid, key_id, account_id, status, file_name, file_size, mime_type, format, sha256, created_at, updated_at, expires_at, progress, phase, attempt, failures, available_at, watched, upload_gone) VALUES ({JOB}, 'u' || :a || '-' || :b, {KEY}, {ACCOUNT}, 'PENDING', 'ground floor.dxf', 50000, 'image/vnd.dxf', 'dxf', repeat('0123456789abcdef', 4), :now, :now, :now + 604800000, 0, 'queued', 0, 0, :now, 0, 0);
COMMIT;"""
RECEIVERS = f"SELECT id, url FROM webhook_endpoints WHERE account_id = {ACCOUNT} AND is_active = 1 AND is_default = 1;"
CLAIM = f"""BEGIN;
UPDATE jobs SET status = 'PROCESSING', lease_owner = 'runner_' || :client_id, lease_until = :now + 30000, attempt = attempt + 1, started_at = COALESCE(started_at, :now), updated_at = :now, progress = 0, phase = 'starting' WHERE id = {JOB} AND status = 'PENDING' AND available_at <= :now RETURNING *;
INSERT INTO account_turns (account_id, last_at) VALUES ({ACCOUNT}, :now) ON CONFLICT (account_id) DO UPDATE SET last_at = excluded.last_at;
{RECEIVERS}
@EVENT1@
COMMIT;"""
RENEW = f"UPDATE jobs SET lease_until = :now + 30000, updated_at = :now, progress = 50, phase = 'drawing' WHERE id = {JOB} AND lease_owner = 'runner_' || :client_id AND attempt = 1 AND status = 'PROCESSING';"
COMPLETE = f"""BEGIN;
UPDATE jobs SET status = 'COMPLETED', completed_at = :now, updated_at = :now, result_attempt = 1, progress = 100, phase = 'done', lease_owner = NULL, lease_until = NULL WHERE id = {JOB} AND lease_owner = 'runner_' || :client_id AND attempt = 1 AND status = 'PROCESSING' RETURNING *;
{RECEIVERS}
@EVENT2@
@PARTS@
COMMIT;"""
POLL = f"{WHO}\nSELECT * FROM jobs WHERE id = {JOB} AND key_id IN ({SEEN});"
RESULT = f"""{POLL}
SELECT kind, number, size FROM parts WHERE job_id = {JOB} ORDER BY kind, number;
UPDATE jobs SET upload_gone = 1, updated_at = :now WHERE id = {JOB} AND upload_gone = 0;"""
# Entries of the feed are written in batches of many jobs: their rows count here, their commits do not.
FEED = (f"INSERT INTO activity (id, account_id, key_id, at, source, level, message, job_id, status, request_id, detail) SELECT"
        f" 'log_' || lpad(to_hex(:now::bigint + n), 12, '0') || lpad(to_hex(:b::bigint), 12, '0'), {ACCOUNT}, {KEY}, :now, 'request',"
        f" 'info', 'GET /v1/jobs/{{id}}', {JOB}, 200, 'req_0123456789abcdef', '' FROM generate_series(1, @FEED@) AS n;")
DELIVER = f"""BEGIN;
UPDATE deliveries SET lease_until = :now + 30000 WHERE id = 'd@N@' || :a || '-' || :b;
SELECT d.id, d.event_id, d.target, e.name, e.created_at FROM deliveries d JOIN events e ON e.id = d.event_id WHERE d.id = 'd@N@' || :a || '-' || :b;
COMMIT;
SELECT secret FROM webhook_secrets WHERE account_id = {ACCOUNT};
SELECT * FROM jobs WHERE id = {JOB};
BEGIN;
UPDATE deliveries SET state = 'DELIVERED', tries = tries + 1, attempts = attempts + 1, first_at = COALESCE(first_at, :now), next_at = :now, lease_until = 0, ended_at = :now WHERE id = 'd@N@' || :a || '-' || :b AND state = 'PENDING' RETURNING attempts;
INSERT INTO attempts (delivery_id, number, at, duration_ms, status, error) VALUES ('d@N@' || :a || '-' || :b, 1, :now, 80, 200, NULL);
COMMIT;"""


def event(number, webhook):
    if not webhook:
        return ""
    return (f"INSERT INTO events (id, job_id, account_id, sequence, name, created_at) VALUES ('e{number}' || :a || '-' || :b,"
            f" {JOB}, {ACCOUNT}, {number}, 'job.completed', :now);\n"
            f"INSERT INTO deliveries (id, event_id, job_id, account_id, sequence, kind, target, endpoint_id, lane, state, tries,"
            f" attempts, next_at, lease_until) VALUES ('d{number}' || :a || '-' || :b, 'e{number}' || :a || '-' || :b, {JOB},"
            f" {ACCOUNT}, {number}, 'webhook', 'https://hooks.example/cad', NULL, 'hooks.example', 'PENDING', 0, 0, :now, 0);")


def script(parts=5, polls=0, renews=0, webhook=False, feed=4):
    rows = "\n".join(f"INSERT INTO parts (job_id, kind, number, size) VALUES ({JOB}, 'kind{i}', 0, 10000);" for i in range(parts))
    steps = [VARIABLES, WHO, SUBMIT, CLAIM.replace("@EVENT1@", event(1, webhook)), *[RENEW] * renews,
             COMPLETE.replace("@EVENT2@", event(2, webhook)).replace("@PARTS@", rows)]
    steps += [DELIVER.replace("@N@", str(n)) for n in (1, 2) if webhook]
    steps += [*[POLL] * polls, RESULT, FEED.replace("@FEED@", str(feed))]
    # Prepared, PostgreSQL would take a sum with a small constant for a small number.
    return re.sub(r"(?<!set ):now\b(?!::)", ":now::bigint", "\n".join(steps)) + "\n"


def migrations():
    """The statements of the migrations, in their order, in PostgreSQL's dialect."""
    text = "".join(p.read_text() for p in [*sorted((STORE / "tables").glob("*.hpp")), STORE / "migrations.cpp"])
    text = "\n".join(line for line in text.splitlines() if not line.strip().startswith("//"))
    blocks = dict(re.findall(r"constexpr (?:std::string_view|auto) (k\w+)(?:\[\])? =[^{\"]*\{(.*?)\n?\}\)?;", text, re.DOTALL))
    for name in re.findall(r"Migration\{\d+, (\w+)\}", text):
        for statement in re.findall(r'(?:"(?:[^"\\]|\\.)*"\s*)+', blocks[name]):
            sql = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', statement)).replace('\\"', '"')
            if not sql.startswith("{sqlite}"):
                yield (sql.removeprefix("{postgres}").replace("{int}", "BIGINT").replace("{strict}", "")
                       .replace(" TEXT", ' TEXT COLLATE "C"'))


def prepare(server):
    server.sql(";\n".join(migrations()) + ";")
    server.sql("""CREATE TABLE IF NOT EXISTS account_turns (account_id TEXT PRIMARY KEY, last_at BIGINT NOT NULL);
        INSERT INTO accounts (id, name, created_at) SELECT 'acc_' || n, 'n', 1 FROM generate_series(1, 1000) AS n;
        INSERT INTO api_keys (id, account_id, name, prefix, hash, scopes, created_at, family) SELECT 'key_' || n, 'acc_' || n,
        'n', 'p', 'h' || n, 'parse', 1, 'key_' || n FROM generate_series(1, 1000) AS n;
        INSERT INTO webhook_secrets (account_id, secret) SELECT id, 's' FROM accounts;""")


def run(server, text, jobs, clients):
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(text)
        file.flush()
        os.chmod(file.name, 0o644)
        server.sql("CHECKPOINT; VACUUM ANALYZE;")
        figures = "SELECT pg_current_wal_lsn() - '0/0', (SELECT wal_sync FROM pg_stat_wal), (SELECT xact_commit FROM pg_stat_database WHERE datname = 'postgres')"
        server.sql("SELECT pg_stat_force_next_flush()")
        before = [int(x) for x in server.sql(figures).split("|")]
        cpu = server.cpu_seconds()
        done = subprocess.run([server.bin / "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-t",
                               str(jobs // clients), "-f", file.name], env=server.environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
        server.sql("SELECT pg_stat_force_next_flush()")
        cpu = server.cpu_seconds() - cpu
        after = [int(x) for x in server.sql(figures).split("|")]
    count = jobs // clients * clients
    wal, flushes, commits = ((b - a) / count for a, b in zip(before, after))
    return {"cpu_ms": round(cpu / count * 1000, 3), "wal_bytes": round(wal), "flushes": round(flushes, 2),
            "transactions": round(commits, 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=4000)
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "database.json")
    options = parser.parse_args()
    server = postgres.Server()
    try:
        prepare(server)
        fsync = subprocess.run([server.bin / "pg_test_fsync", "-s", "1", "-f", server.dir / "probe"], capture_output=True,
                               text=True).stdout
        found = re.findall(r"fdatasync\s+[\d.]+ ops/sec\s+(\d+) usecs", fsync)
        run(server, script(), options.jobs // 4, 4)  # warm
        result = {"version": server.sql("SHOW server_version").split()[0], "jobs": options.jobs,
                  "fdatasync_us": int(found[0]) if found else None,
                  "plain": run(server, script(), options.jobs, 8),
                  "one_client": run(server, script(), options.jobs // 2, 1),
                  "with_10_polls": run(server, script(polls=10), options.jobs // 2, 8),
                  "with_4_renewals": run(server, script(renews=4), options.jobs // 2, 8),
                  "with_20_more_parts": run(server, script(parts=25), options.jobs // 2, 8),
                  "with_webhook": run(server, script(webhook=True), options.jobs // 2, 8),
                  "with_20_more_feed_rows": run(server, script(feed=24), options.jobs // 2, 8)}
        rows = {t: server.sql(f"SELECT pg_total_relation_size('{t}')::float / GREATEST(1, (SELECT COUNT(*) FROM {t}))")
                for t in ("jobs", "parts", "events", "deliveries", "attempts", "activity")}
        result["bytes_per_row"] = {t: round(float(x)) for t, x in rows.items()}
    finally:
        server.stop()
    base = result["plain"]["cpu_ms"]
    result["cpu_ms"] = {"job": base, "poll": round(max(0, result["with_10_polls"]["cpu_ms"] - base) / 10, 4),
                        "renewal": round(max(0, result["with_4_renewals"]["cpu_ms"] - base) / 4, 4),
                        "part": round(max(0, result["with_20_more_parts"]["cpu_ms"] - base) / 20, 4),
                        "feed_row": round(max(0, result["with_20_more_feed_rows"]["cpu_ms"] - base) / 20, 4),
                        "webhook": round(max(0, result["with_webhook"]["cpu_ms"] - base), 4)}
    options.out.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
