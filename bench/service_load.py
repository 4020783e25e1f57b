#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a service carries: drawings of 50 KB at a steady rate, upload to COMPLETED, preview included.

usage: bench/service_load.py [--rate N] [--seconds N] [--preview-px N] [--backends embedded|postgres|s3] [--no-results]

  embedded   one process with everything in it
  postgres   PostgreSQL and Redis, objects in the data directory: one API node and one worker
  s3         the same with an S3 server (OpenStack Swift) on this machine

A job is its upload, its parsing and one request for its result (without it: --no-results); the generator asks for
nothing else until all of that is measured. Tells the rate of completed jobs, how long POST /v1/parse took, processor time
a job of our own processes (children included; of the other servers and of this generator apart), and memory at the
beginning and the end.
"""
import argparse
import datetime
import http.client
import json
import os
import pathlib
import queue
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import urlsplit

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))
TICKS = os.sysconf("SC_CLK_TCK")
BOUNDARY = "----cadlensload"


def drawing(size):
    """A sparse sheet of lines."""
    lines, length, i = ["0", "SECTION", "2", "ENTITIES"], 0, 0
    while length < size:
        x, y = 37 * i % 1000, 91 * i % 700
        entity = ["0", "LINE", "8", f"L{i % 7}", "10", f"{x}.25", "20", f"{y}.5", "11", f"{x + 20}.25", "21", f"{y + 9}.5"]
        length += sum(map(len, entity)) + len(entity)
        lines += entity
        i += 1
    return "\n".join(lines + ["0", "ENDSEC", "0", "EOF", ""]).encode()


def form(content):
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="load.dxf"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def stat_of(pid):
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def seconds_of(pids):
    """Of the processes and all of their children: those that have ended, and those that run (the zygote, workers that wait)."""
    total = 0
    for pid in {found for parent in pids for found in tree(parent)}:
        try:
            total += sum(map(int, stat_of(pid)[11:15]))
        except OSError:  # it has just ended
            pass
    return total / TICKS


def tree(pid):
    found = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in task.read_text().split():
                found += tree(int(child))
        except OSError:
            pass
    return found


def memory_of(pids):
    total = 0
    for pid in pids:
        total += int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1])
    return total / 1024


class Nodes:
    def __init__(self, options, folder):
        self.folder, self.helpers = pathlib.Path(folder), []
        environment, roles = dict(os.environ), [[]]
        if options.backends != "embedded":
            import backends
            self.backends = backends.Backends(s3=options.backends == "s3")
            environment |= self.backends.fresh()
            self.helpers = [h.process.pid for h in (self.backends.postgres, self.backends.redis, self.backends.swift) if h]
            roles = [["--role", "api"], ["--role", "worker"]]
            data = self.folder / "data"
            data.mkdir(mode=0o700)
            for name in ("master.key", "signing.key"):
                (data / name).touch(0o600)
                (data / name).write_text(secrets.token_hex(32) + "\n")
        self.processes = []
        for role in roles:
            own = ["--owner-key-file", self.folder / "key", "--listen", "127.0.0.1:0"] if "worker" not in role else []
            self.processes.append(subprocess.Popen(
                [options.cadlens, "serve", "--data", self.folder / "data", "--rate-key", "0", "--max-uploads", "256",
                 "--preview-px", str(options.preview_px), *own, *role], stdout=subprocess.PIPE,
                stderr=open(self.folder / "log", "ab"), text=True, env=environment))
            says = "works" if "worker" in role else r"listens on (http://\S+)"
            match = next((m for line in self.processes[-1].stdout if (m := re.search(says, line))), None)
            if not match:
                sys.exit((self.folder / "log").read_text())
            if "worker" not in role:
                self.base = match[1]
        self.pids = [process.pid for process in self.processes]
        self.key = (self.folder / "key").read_text().strip()

    def others(self):
        return seconds_of(self.helpers)

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(60)


class Asker:
    """One connection to the API."""

    def __init__(self, nodes):
        self.connection = http.client.HTTPConnection(urlsplit(nodes.base).netloc, timeout=120)
        self.headers = {"Authorization": "Bearer " + nodes.key}

    def ask(self, method, path, body=None, **headers):
        self.connection.request(method, path, body, {**self.headers, **headers})
        answer = self.connection.getresponse()
        return answer.status, answer.read()


def has_to_wait(asker, job):
    return json.loads(asker.ask("GET", f"/v1/jobs/{job}")[1])["status"] in ("PENDING", "PROCESSING")


class Load:
    """What is sent, and what comes of it."""

    def __init__(self, options, nodes):
        self.options, self.nodes = options, nodes
        self.body, self.count = form(drawing(options.size)), int(options.rate * options.seconds)
        self.times, self.refused, self.jobs = [], [], []
        self.accepted = queue.Queue()  # (when, job): whose result is still to be asked for
        self.early = 0
        self.delay = 2.0  # from a job's acceptance to the request for its result: later when that was too early

    def send(self, first, start):
        asker = Asker(self.nodes)
        for turn in range(first, self.count, self.options.clients):
            time.sleep(max(0, start + turn / self.options.rate - time.monotonic()))
            began = time.monotonic()
            status, body = asker.ask("POST", "/v1/parse", self.body,
                                     **{"Content-Type": "multipart/form-data; boundary=" + BOUNDARY})
            (self.times if status == 202 else self.refused).append((time.monotonic() - began) * 1000)
            if status == 202:
                job = json.loads(body)["job_id"]
                self.jobs.append(job)
                self.accepted.put((time.monotonic(), job))

    def fetch(self):
        """The results, in the order of the jobs, each once unless that was too early."""
        asker = Asker(self.nodes)
        while (next_job := self.accepted.get()) is not None:
            accepted, job = next_job
            time.sleep(max(0, accepted + self.delay - time.monotonic()))
            while asker.ask("GET", f"/v1/jobs/{job}/result")[0] == 409 and has_to_wait(asker, job):
                self.early += 1
                time.sleep(min(self.delay, 10))
                self.delay = time.monotonic() - accepted

    def wait_for_the_last(self):
        """Without results: of the last jobs, one after the other, until each has ended."""
        asker = Asker(self.nodes)
        for job in self.jobs[-20:]:
            while has_to_wait(asker, job):
                time.sleep(0.5)


def all_jobs(nodes):
    asker, cursor, jobs = Asker(nodes), "", []
    while cursor is not None:
        page = json.loads(asker.ask("GET", "/v1/jobs?limit=100" + (cursor and "&cursor=" + cursor))[1])
        jobs += page["jobs"]
        cursor = page["nextCursor"]
    return jobs


def seconds_between_first_and_last(jobs):
    """From the first upload to the last end, by the service's clock."""
    at = [datetime.datetime.fromisoformat(job[name].replace("Z", "+00:00"))
          for job in jobs for name in ("createdAt", "completedAt") if job[name]]
    return (max(at) - min(at)).total_seconds()


def quantile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def run_load(load):
    """Returns what was used, without the warm-up: (jobs of the warm-up, memory, processor seconds)."""
    nodes, options = load.nodes, load.options
    used = lambda: (seconds_of(nodes.pids), nodes.others(), time.process_time())
    start = time.monotonic() + 0.1
    senders = [threading.Thread(target=load.send, args=(first, start)) for first in range(options.clients)]
    fetcher = threading.Thread(target=load.fetch if options.results else load.wait_for_the_last)
    for thread in senders + [fetcher] * options.results:
        thread.start()
    time.sleep(min(100, load.count // 4) / options.rate)
    warm, memory, before = len(load.jobs), [memory_of(nodes.pids)], used()
    for thread in senders:
        thread.join()
    load.accepted.put(None)
    if not options.results:
        fetcher.start()
    fetcher.join()
    memory.append(memory_of(nodes.pids))
    return warm, memory, [after - at_first for after, at_first in zip(used(), before)]


def measure(options, nodes):
    load = Load(options, nodes)
    warm, memory, (ours, others, own) = run_load(load)
    jobs = all_jobs(nodes)  # after the measuring, as it is no part of a job
    done = sum(job["status"] == "COMPLETED" for job in jobs)
    took, measured = seconds_between_first_and_last(jobs), len(load.jobs) - warm
    print(f"{options.backends}, preview {options.preview_px} px: {done} of {load.count} jobs completed in {took:.1f} s = "
          f"{done / took:.1f} jobs/s ({len(load.refused)} refused)")
    print(f"POST /v1/parse: median {statistics.median(load.times):.1f} ms, 99 % {quantile(load.times, 0.99):.1f} ms, "
          f"worst {max(load.times):.1f} ms")
    asked = f"{load.early} results asked for too early" if options.results else "results not fetched"
    print(f"processor a job: ours {ours / measured * 1000:.1f} ms, other servers {others / measured * 1000:.1f} ms, "
          f"generator {own / measured * 1000:.1f} ms ({asked})")
    print(f"memory of our processes: {memory[0]:.1f} MB after {warm} jobs, {memory[1]:.1f} MB at the end")
    return done == load.count


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rate", type=float, default=42)
    options.add_argument("--seconds", type=float, default=300)
    options.add_argument("--clients", type=int, default=16)
    options.add_argument("--size", type=int, default=50_000)
    options.add_argument("--preview-px", type=int, default=2048)
    options.add_argument("--backends", choices=("embedded", "postgres", "s3"), default="embedded")
    options.add_argument("--no-results", dest="results", action="store_false", help="do not fetch the results")
    options.add_argument("--cadlens", default=str(ROOT / "build" / "release" / "cadlens"))
    options = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="cadlens-load-") as folder:
        nodes = Nodes(options, folder)
        try:
            good = measure(options, nodes)
        finally:
            nodes.stop()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
