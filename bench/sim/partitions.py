#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Tries the partitioned layout (partitions.sql) on a real PostgreSQL: a million jobs over eight days; which partitions
the hot queries touch; a day dropped; an existing table taken in while it is written to.

usage: bench/sim/partitions.py [--jobs N] [--out FILE]      exits with 1 when something is not as docs/scaling.md says
"""
import argparse
import json
import pathlib
import re
import secrets
import sys
import threading
import time

import psycopg2

import postgres

HERE = pathlib.Path(__file__).resolve().parent
DAYS, DAY_MS, START = 8, 86_400_000, 1_790_000_000_000 // 86_400_000 * 86_400_000
COLUMNS = ("id, uuid, key_id, account_id, status, file_name, file_size, mime_type, format, sha256, created_at,"
           " updated_at, expires_at, progress, phase, attempt, failures, available_at, watched, upload_gone")

LOAD = """
INSERT INTO jobs ({columns})
SELECT job_floor(at) || substr(md5(n::text), 1, 24), md5(n::text), 'key_' || n % 1000, 'acc_' || n % 500,
  CASE WHEN at >= {recent} AND n % 50 = 0 THEN 'PENDING' ELSE 'COMPLETED' END, 'drawing.dxf', 50000, 'image/vnd.dxf',
  'dxf', md5(n::text) || md5(n::text), at, at, at + 604800000, 100, 'done', 1, 0, at, 0, 0
FROM (SELECT n, {start} + n * {step} AS at FROM generate_series(0, {jobs} - 1) AS n) AS times;
INSERT INTO parts SELECT id, kind, 0, 10000 FROM jobs, unnest(ARRAY['result','slots','summary','png']) AS kind;
INSERT INTO events SELECT id, s, md5(id || s), account_id, 'job.completed', created_at FROM jobs, generate_series(1, 2) AS s;
INSERT INTO deliveries SELECT job_id, 'del_' || substr(id, 1, 24), sequence, account_id, 'webhook', 'https://hooks.example',
  NULL, 'hooks.example', 'DELIVERED', 1, 1, created_at, created_at, 0, created_at FROM events;
INSERT INTO activity SELECT log_floor(created_at) || substr(md5(id), 1, 12), account_id, key_id, created_at, 'job', 'info',
  'Job completed', id, NULL, NULL, '' FROM jobs;
VACUUM (ANALYZE);
"""

# What the service asks for with every job or request; {id}: a job of the fourth day.
HOT = {
    "job by id": "SELECT * FROM jobs WHERE id = '{id}'",
    "job by id, of a key": "SELECT * FROM jobs WHERE id = '{id}' AND key_id IN ('key_1', 'key_2')",
    "renew": "UPDATE jobs SET lease_until = 1 WHERE id = '{id}' AND lease_owner = 'x' AND attempt = 1",
    "complete": "UPDATE jobs SET status = 'COMPLETED' WHERE id = '{id}' AND status = 'PROCESSING'",
    "parts of a job": "SELECT kind, number, size FROM parts WHERE job_id = '{id}' ORDER BY kind, number",
    "events of a job": "SELECT id, name FROM events WHERE job_id = '{id}' ORDER BY sequence",
    "delivery with its event": "SELECT d.id, e.name FROM deliveries d JOIN events e ON e.job_id = d.job_id"
                               " AND e.sequence = d.sequence WHERE d.job_id = '{id}' AND d.id = 'x' AND e.job_id = '{id}'",
    "feed, a page of today": "SELECT * FROM activity WHERE account_id = 'acc_1' AND id >= log_floor({today})"
                             " ORDER BY id DESC LIMIT 50",
}
# These look into every partition, by an index each.
WIDE = {
    "jobs of a key, newest first": "SELECT * FROM jobs WHERE key_id = 'key_1' ORDER BY id DESC LIMIT 20",
    "accounts that wait": "SELECT MIN(account_id) FROM jobs WHERE status = 'PENDING'",
    "first waiting job of an account": "SELECT id FROM jobs WHERE status = 'PENDING' AND account_id = 'acc_50'"
                                       " AND available_at <= {now} ORDER BY turn_at, id LIMIT 1",
    "leases that ran out": "SELECT id FROM jobs WHERE status = 'PROCESSING' AND lease_until <= 5",
}


def touched(server, query):
    plan = json.loads(server.sql("EXPLAIN (ANALYZE, FORMAT JSON, COSTS OFF, TIMING OFF) " + query))[0]
    tables, scans = set(), []

    def walk(node):
        if "Relation Name" in node and node["Node Type"] != "ModifyTable" and node.get("Actual Loops", 0) > 0:
            tables.add(node["Relation Name"])
            scans.append(node["Node Type"])
        for child in node.get("Plans", []):
            walk(child)
    walk(plan["Plan"])
    return {"partitions": len({t.rsplit("_", 1)[-1] for t in tables}), "sequential": "Seq Scan" in scans,
            "planning_ms": round(plan["Planning Time"], 3), "execution_ms": round(plan["Execution Time"], 3)}


def timed(server, sql):
    said = server.sql("\\timing on\n" + sql)
    return round(sum(float(x) for x in re.findall(r"Time: ([\d.]+) ms", said)), 1)


def layout(server, jobs):
    server.sql((HERE / "partitions.sql").read_text())
    for day in range(DAYS):
        server.sql(f"CALL make_partitions('d{day}', {START + day * DAY_MS}, {START + (day + 1) * DAY_MS})")
    step = DAYS * DAY_MS // jobs
    began = time.monotonic()
    server.sql(LOAD.format(columns=COLUMNS, start=START, step=step, jobs=jobs, recent=START + 7 * DAY_MS))
    job = server.sql(f"SELECT id FROM jobs WHERE id >= job_floor({START + 3 * DAY_MS}) ORDER BY id LIMIT 1")
    fill = {"id": job, "today": START + 7 * DAY_MS, "now": START + DAYS * DAY_MS}
    result = {"jobs": jobs, "days": DAYS, "load_seconds": round(time.monotonic() - began),
              "one_partition": {n: touched(server, q.format(**fill)) for n, q in HOT.items()},
              "every_partition": {n: touched(server, q.format(**fill)) for n, q in WIDE.items()},
              "bytes_per_job": {t: round(int(server.sql(
                  f"SELECT SUM(pg_total_relation_size(relid)) FROM pg_partition_tree('{t}') WHERE isleaf")) / jobs)
                  for t in ("jobs", "parts", "events", "deliveries", "activity")}}
    result["delete_ms_of_a_tenth_of_a_day"] = timed(server, f"DELETE FROM parts WHERE job_id >= job_floor({START + DAY_MS})"
        f" AND job_id < job_floor({START + DAY_MS + DAY_MS // 10});\nDELETE FROM jobs WHERE id >= job_floor({START + DAY_MS})"
        f" AND id < job_floor({START + DAY_MS + DAY_MS // 10});")
    result["drop_ms_of_a_day"] = timed(server, "CALL drop_partitions('d0');")
    return result


class Writer(threading.Thread):
    """Jobs with ids as they are today arrive while the table is taken in: do any fail, and how long does one wait?"""

    def __init__(self, server):
        super().__init__()
        self.connection = psycopg2.connect(host="127.0.0.1", port=server.port, user="measure", dbname="postgres",
                                           password=server.password)
        self.connection.autocommit = True
        self.stopping, self.failed, self.times = threading.Event(), 0, []

    def run(self):
        cursor = self.connection.cursor()
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                cursor.execute(f"INSERT INTO live_jobs ({COLUMNS}) VALUES (%s, %s, 'k', 'a', 'PENDING', 'f', 1, 'm', 'dxf',"
                               " 's', 1, 1, 1, 0, 'queued', 0, 0, 1, 0, 0)", ("job_" + secrets.token_hex(16),) * 2)
            except psycopg2.Error:
                self.failed += 1
            self.times.append((time.monotonic() - began) * 1000)
        self.connection.close()


# A table with random ids becomes the first partition of one with a partition a day. Nodes make ids with a time in them
# only after the last step. Nothing here holds a lock for longer than a look at the catalog.
STEPS = {
    "indexes_as_the_new_table_has_them": """
        CREATE INDEX CONCURRENTLY live_by_key ON live_jobs (key_id, id);
        CREATE INDEX CONCURRENTLY live_waiting ON live_jobs (account_id, turn_at, id) WHERE status = 'PENDING';""",
    "constraint_for_new_rows": "ALTER TABLE live_jobs ADD CONSTRAINT no_time CHECK (id < 'job_t') NOT VALID;",
    "constraint_for_old_rows": "ALTER TABLE live_jobs VALIDATE CONSTRAINT no_time;",
    "exchange": """
        SET lock_timeout = '2s'; BEGIN; ALTER TABLE live_jobs RENAME TO live_jobs_before;
        CREATE TABLE live_jobs (LIKE live_jobs_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (id);
        ALTER TABLE live_jobs DROP CONSTRAINT no_time;
        ALTER TABLE live_jobs ADD PRIMARY KEY (id);
        CREATE INDEX ON live_jobs (key_id, id);
        CREATE INDEX ON live_jobs (account_id, turn_at, id) WHERE status = 'PENDING';
        ALTER TABLE live_jobs ATTACH PARTITION live_jobs_before FOR VALUES FROM (MINVALUE) TO ('job_t');
        CREATE TABLE live_jobs_d0 PARTITION OF live_jobs FOR VALUES FROM ('job_t') TO ('job_u'); COMMIT;""",
}


def take_in(server, jobs):
    server.sql(f"""CREATE TABLE live_jobs (LIKE jobs INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
        ALTER TABLE live_jobs ADD PRIMARY KEY (id), ADD UNIQUE (uuid);
        INSERT INTO live_jobs ({COLUMNS}) SELECT 'job_' || md5(n::text), n::text, 'k', 'a', 'COMPLETED', 'f', 1, 'm',
        'dxf', 's', 1, 1, 1, 100, 'done', 1, 0, 1, 0, 0 FROM generate_series(1, {jobs}) AS n; ANALYZE live_jobs;""")
    writer = Writer(server)
    writer.start()
    steps = {name: timed(server, sql) for name, sql in STEPS.items()}
    time.sleep(0.5)
    writer.stopping.set()
    writer.join()
    lost = len(writer.times) + jobs - writer.failed - int(server.sql("SELECT COUNT(*) FROM live_jobs"))
    return {"rows": jobs, "steps_ms": steps, "inserts_meanwhile": len(writer.times), "failed": writer.failed, "lost": lost,
            "longest_insert_ms": round(max(writer.times), 1)}


def faults(result):
    for name, seen in result["one_partition"].items():
        if seen["partitions"] > 1 or seen["sequential"]:
            yield f"{name}: {seen}"
    for name, seen in result["every_partition"].items():
        if seen["sequential"]:
            yield f"{name}: a sequential scan"
    if result["taken_in"]["failed"] or result["taken_in"]["lost"]:
        yield "rows failed or were lost while the table was taken in"
    if result["drop_ms_of_a_day"] > 2000:
        yield "dropping a day took longer than two seconds"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=1_000_000)
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "partitions.json")
    options = parser.parse_args()
    server = postgres.Server()
    try:
        result = layout(server, options.jobs)
        result["taken_in"] = take_in(server, options.jobs)
    finally:
        server.stop()
    options.out.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))
    wrong = list(faults(result))
    print("\n".join("WRONG: " + what for what in wrong) or "as docs/scaling.md says")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
