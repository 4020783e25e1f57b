#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a job costs PostgreSQL: processor time, write-ahead log, flushes. The tables are made by the project's own
migrations (read from src/store), the statements are read from src/store and src/queue, in the order of a job's life;
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
VARIABLES = """\\set account random_zipfian(1, 1000, 1.1)
\\set a random(0, 2147483647)
\\set b random(0, 2147483647)
\\set now random(1790000000000, 1790086400000)"""
TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(\+)|(?:std::string|str)\((?:store::)?(\w+)\)|(\w+)\b(?!\())')
SOURCES = ("store/jobs.cpp", "store/job_columns.hpp", "store/keys.cpp", "store/usage.cpp", "store/outbox.cpp", "store/outbox_claim.cpp",
           "store/delivery_columns.hpp", "store/endpoints.cpp", "store/lock.hpp", "queue/claims.cpp")


def source(name):
    text = (STORE.parent / name).read_text()
    return "\n".join(line for line in text.splitlines() if not line.strip().startswith("//"))


def text_at(text, at, words):
    """Of the C++ expression there: literals and named texts, put together."""
    out, joined = "", True
    while match := TOKEN.match(text, at):
        literal, plus, wrapped, bare = match.groups()
        if literal is not None:
            out += literal.replace('\\"', '"')
        elif name := wrapped or (bare if joined else None):
            out += words[name] if name in words else constant(name)
        elif not plus:
            break
        joined, at = bool(plus), match.end()
    return out


def constant(name, *files):
    for file in files or SOURCES:
        text = source(file)
        if match := re.search(rf"\b{name}\b(?:\[\])? =\s", text):
            return text_at(text, match.end(), {})
    raise SystemExit(f"database_costs: {name} is nowhere in src")


def statement(file, start, **words):
    """The statement of src that begins so."""
    text = source(file)
    at = text.find('"' + start)
    if at < 0:
        raise SystemExit(f"database_costs: {file} has no statement that begins with {start}")
    return text_at(text, at, words)


def bound(sql, *values):
    """With its parameters' values."""
    return re.sub(r"\$(\d+)", lambda match: str(values[int(match[1]) - 1]), sql) + ";"


RUNNER, LEASE = "'runner_' || :client_id", "(:now + 30000)"
EVENT, DELIVERY = "'e@N@' || :a || '-' || :b", "'d@N@' || :a || '-' || :b"
RECEIVER = "'https://hooks.example/cad'"
OUT, CLAIMS = "store/outbox.cpp", "queue/claims.cpp"
SELECT_JOB = constant("kSelect", "store/jobs.cpp")
WHO = bound(constant("kSelect", "store/keys.cpp") + "WHERE k.hash = $1", "('h' || :account)")
NEW_JOB = {"id": JOB, "uuid": "'u' || :a || '-' || :b", "key_id": KEY, "account_id": ACCOUNT, "status": "'PENDING'",
           "file_name": "'ground floor.dxf'", "file_size": 50000, "mime_type": "'image/vnd.dxf'", "format": "'dxf'",
           "sha256": "repeat('0123456789abcdef', 4)", "created_at": ":now", "updated_at": ":now", "expires_at": "(:now + 604800000)",
           "progress": 0, "phase": "'queued'", "attempt": 0, "failures": 0, "watched": 0, "upload_gone": 0, "turn_at": ":now",
           "trace": "''", "excused": 0, "available_at": ":now"}
INSERT = constant("kInsert", "store/jobs.cpp")
COLUMNS = [name.strip() for name in re.search(r"\((.*?)\)", INSERT)[1].split(",")]
EMPTY = {"webhook_url", "notify_email", "started_at", "completed_at", "error_code", "error_msg", "result_attempt"}
if odd := set(COLUMNS) ^ (set(NEW_JOB) | EMPTY):
    raise SystemExit(f"database_costs: what a new job has in {', '.join(sorted(odd))} is not said here as src/store has it")
PARTS = 2  # rows of them: the pack and the preview of one sheet (jobs/part_store.hpp)
SUBMIT = "\n".join(["BEGIN;", bound(statement("store/usage.cpp", "INSERT INTO quota_months"), ACCOUNT, 202611, 9000000000),
                    bound(statement("store/usage.cpp", "INSERT INTO usage"), ACCOUNT, 20000, KEY, "'dxf'"),
                    bound(INSERT, *[NEW_JOB.get(name, "NULL") for name in COLUMNS]), "COMMIT;"])
RECEIVERS = bound(statement(OUT, "SELECT id, url FROM webhook_endpoints"), ACCOUNT)
CLAIM = "\n".join(["BEGIN;", bound(statement(CLAIMS, "UPDATE jobs SET status = 'PROCESSING'", which="id = $1"), JOB, RUNNER, LEASE, ":now"),
                   bound(constant("kServed"), ACCOUNT, ":now"), RECEIVERS, "@EVENT1@", "COMMIT;"])
RENEW = bound(statement(CLAIMS, "UPDATE jobs SET lease_until = $4"), JOB, RUNNER, 1, LEASE, ":now", 50, "'drawing'")
COMPLETE = "\n".join(["BEGIN;", bound(statement("store/jobs.cpp", "UPDATE jobs SET status = 'COMPLETED'"), JOB, RUNNER, 1, ":now"),
                      RECEIVERS, "@EVENT2@", "@PARTS@", "COMMIT;"])
SEEN = bound(SELECT_JOB + "WHERE id = $2 AND key_id IN (" + constant("kSeenBy", "store/jobs.cpp") + ")", KEY, JOB)
POLL = f"{WHO}\n{SEEN}"
RESULT = "\n".join([POLL, bound(statement("store/jobs.cpp", "SELECT kind, number, size FROM parts"), JOB),
                    bound(statement("store/jobs.cpp", "UPDATE jobs SET upload_gone = 1"), JOB, ":now")])
# Entries of the feed are written in batches of many jobs: their rows count here, their commits do not.
FEED = (f"INSERT INTO activity (id, account_id, key_id, at, source, level, message, job_id, status, request_id, detail) SELECT"
        f" 'log_' || lpad(to_hex(:now::bigint + n), 12, '0') || lpad(to_hex(:b::bigint), 12, '0'), {ACCOUNT}, {KEY}, :now, 'request',"
        f" 'info', 'GET /v1/jobs/{{id}}', {JOB}, 200, 'req_0123456789abcdef', '' FROM generate_series(1, @FEED@) AS n;")
OF_LANE = bound(constant("kOfLane"), "'hooks.example'", ":now", ":now", 6, 2)
# What is due is looked for as a deliverer does; then it is the job's own delivery that is leased and sent.
DELIVER = "\n".join([
    bound(statement("store/outbox_claim.cpp", "SELECT (SELECT MIN(next_at)")), bound(constant("kLanes"), ":now", 2), OF_LANE, "BEGIN;",
    bound(statement("store/lock.hpp", "SELECT CAST(pg_try_advisory_xact_lock"), 499031877, "'hooks.example'"), OF_LANE,
    bound(statement("store/lock.hpp", "SELECT CAST(pg_advisory_xact_lock"), 499031878, ACCOUNT),
    bound(constant("kLease"), DELIVERY, LEASE, ":now", ACCOUNT, 6), "COMMIT;",
    bound(statement("store/endpoints.cpp", "SELECT secret, old_secret"), ACCOUNT), bound(SELECT_JOB + "WHERE id = $1", JOB), "BEGIN;",
    bound(statement(OUT, "UPDATE deliveries SET state = $2"), DELIVERY, "'DELIVERED'", ":now", ":now", ":now", LEASE),
    bound(statement(OUT, "INSERT INTO attempts"), DELIVERY, 1, ":now", 80, 200, "NULL"),
    bound(statement(OUT, "UPDATE deliveries SET next_at = $4") + "next_at > $4", JOB, RECEIVER, "@N@", ":now"), "COMMIT;"])


def event(number, webhook):
    if not webhook:
        return ""
    both = "\n".join([bound(statement(OUT, "INSERT INTO events"), EVENT, JOB, ACCOUNT, number, "'job.completed'", ":now"),
                      bound(statement(OUT, "INSERT INTO deliveries"), DELIVERY, EVENT, JOB, ACCOUNT, number, "'webhook'", RECEIVER,
                            "NULL", "'hooks.example'", ":now")])
    return both.replace("@N@", str(number))


def script(parts=PARTS, polls=0, renews=0, webhook=False, feed=4):
    rows = ("INSERT INTO parts (job_id, kind, number, size) VALUES "
            + ",".join(f"({JOB},'kind{i}',0,10000)" for i in range(parts)) + ";")
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
    server.sql("""INSERT INTO accounts (id, name, created_at) SELECT 'acc_' || n, 'n', 1 FROM generate_series(1, 1000) AS n;
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
        result = {"version": server.sql("SHOW server_version").split()[0], "jobs": options.jobs, "parts": PARTS,
                  "fdatasync_us": int(found[0]) if found else None,
                  "plain": run(server, script(), options.jobs, 8),
                  "one_client": run(server, script(), options.jobs // 2, 1),
                  "with_10_polls": run(server, script(polls=10), options.jobs // 2, 8),
                  "with_4_renewals": run(server, script(renews=4), options.jobs // 2, 8),
                  "with_20_more_parts": run(server, script(parts=PARTS + 20), options.jobs // 2, 8),
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
