#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Is the simulator right about one machine? Costs of some drawings are measured one at a time; then a Poisson load of
them is sent to the same service, and simulated. Compared are the processors' utilization and the time from a job's
acceptance to its end.

usage: bench/sim/validate.py [--seconds N] [--loads A,B] [--realtime] [--cadlens PROGRAM] [--out FILE]

--realtime puts the service before everything else on the machine (SCHED_RR, needs root), so that what others do
there meanwhile does not count; the load is bounded by --seconds.
"""
import argparse
import json
import os
import pathlib
import random
import sqlite3
import statistics
import sys
import tempfile
import threading
import time

import cluster
import model

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))
import job_costs  # noqa: E402

SIZES = (5_000, 20_000, 50_000, 150_000, 400_000, 1_000_000)
TICKS = os.sysconf("SC_CLK_TCK")


def used_seconds(service):
    """Of the service, and of its workers that have ended."""
    fields = pathlib.Path(f"/proc/{service.process.pid}/stat").read_text().rpartition(")")[2].split()
    return service.cpu_ms() / 1000 + sum(map(int, fields[13:15])) / TICKS


def flush_seconds(folder, realtime):
    """What a flush takes on this disk; with the service's own priority, or others' would be measured."""
    times = []
    if realtime:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(50):
            file.write(b"x" * 4096)
            file.flush()
            began = time.monotonic()
            os.fsync(file.fileno())
            times.append(time.monotonic() - began)
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    return statistics.median(times)


def arrivals(rate, seconds, rng):
    """(time, which drawing): the same for both."""
    at, found = 0.0, []
    while (at := at + rng.expovariate(rate)) < seconds:
        found.append((at, rng.randrange(len(SIZES))))
    return found


def measure(service, contents, load):
    """Sends when it is time to, whether or not the service keeps up."""
    lock, ids, threads = threading.Lock(), [], []

    def send(content):
        job = service.submit(content, "a.dxf")
        with lock:
            ids.append(job)
    used, began = used_seconds(service), time.monotonic()
    for at, which in load:
        time.sleep(max(0.0, began + at - time.monotonic()))
        threads.append(threading.Thread(target=send, args=(contents[which],)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    while service.row("SELECT COUNT(*) FROM jobs WHERE status IN ('PENDING', 'PROCESSING')")[0]:
        time.sleep(0.05)
    took, used = time.monotonic() - began, used_seconds(service) - used
    with sqlite3.connect(f"file:{service.data}/cadlens.db?mode=ro", uri=True) as database:
        rows = database.execute("SELECT completed_at - created_at FROM jobs WHERE id IN (%s) AND status = 'COMPLETED'"
                                % ",".join("?" * len(ids)), ids).fetchall()
    return {"jobs": len(ids), "completed": len(rows), "used": round(used / took / os.cpu_count(), 3),
            "response_s": cluster.percentiles([row[0] / 1000 for row in rows])}


def simulate(drawings, inputs, load, flush):
    clients = {**inputs["assumptions"]["clients"], "polls": 0, "result_reads": 0, "preview_reads": 0}
    system = cluster.Cluster(cluster.Shape(cores=os.cpu_count(), one_machine=True),
                             {**inputs, "assumptions": {**inputs["assumptions"], "clients": clients}}, flush_ms=flush * 1000)
    system.store_s = 2 * flush  # the object and its folder
    for at, which in load:
        system.clock.at(at, system.arrive, "owner", drawings[which])
    system.clock.run()
    return {"jobs": len(system.jobs), "used": round(system.database.utilization(), 3),
            "response_s": cluster.percentiles([job.ended - job.accepted + flush for job in system.jobs])}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--loads", default="0.3,0.6")
    parser.add_argument("--realtime", action="store_true")
    parser.add_argument("--cadlens", default=str(ROOT / "build/release/cadlens"))
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent / "validation.json")
    options = parser.parse_args()
    inputs = {name: model.load(f"{name}.json") for name in ("costs", "database", "redis", "assumptions")}
    service, rng = job_costs.Service(options.cadlens), random.Random(11)
    try:
        if options.realtime:
            for task in pathlib.Path(f"/proc/{service.process.pid}/task").iterdir():
                os.sched_setscheduler(int(task.name), os.SCHED_RR, os.sched_param(1))
        contents = [job_costs.lines_drawing(size) for size in SIZES]
        drawings = []
        for content in contents:
            job_costs.one_job(service, content)
            runs = [job_costs.one_job(service, content) for _ in range(7)]
            cost = {key: statistics.median(run[key] for run in runs) for key in job_costs.KEYS}
            cost["post_ms"] = 0.3 * cost["service_cpu_ms"]  # on the same cores whichever part it is
            cost["work_ms"] = cost["worker_cpu_ms"] + 0.7 * cost["service_cpu_ms"]
            drawings.append(cost)
        mean = statistics.fmean(d["post_ms"] + d["work_ms"] for d in drawings) / 1000
        flush = flush_seconds(service.folder.name, options.realtime)
        result = {"processors": os.cpu_count(), "ms_per_job_alone": round(mean * 1000, 1), "flush_ms": round(flush * 1000, 3),
                  "realtime": options.realtime, "load_average": round(os.getloadavg()[0], 1), "loads": []}
        for load in map(float, options.loads.split(",")):
            rate = load * os.cpu_count() / mean
            sent = arrivals(rate, options.seconds, rng)
            seen, thought = measure(service, contents, sent), simulate(drawings, inputs, sent, flush)
            result["loads"].append({"rate_per_s": round(rate, 1), "seconds": options.seconds, "measured": seen, "simulated": thought,
                                    "error_used": round(thought["used"] / seen["used"] - 1, 3),
                                    "error_response": {name: round(thought["response_s"][name] / value - 1, 3)
                                                       for name, value in seen["response_s"].items()}})
    finally:
        service.stop()
    options.out.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
