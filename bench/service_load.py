#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a service carries: drawings of 50 KB at a steady rate, upload to COMPLETED, preview included.

usage: bench/service_load.py [--rate N] [--seconds N] [--preview-px N] [--backends embedded|postgres|s3]

  embedded   one process with everything in it
  postgres   PostgreSQL and Redis, objects in the data directory: one API node and one worker
  s3         the same with an S3 server (OpenStack Swift) on this machine

Tells the rate of completed jobs, how long POST /v1/parse took, processor time a job of our own processes (children
included, of the other servers and of this generator apart), and memory at the beginning and the end.
"""
import argparse
import http.client
import json
import os
import pathlib
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
    """Of the processes, and of their children that have ended."""
    return sum(sum(map(int, stat_of(pid)[11:15])) for pid in pids) / TICKS


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
        return sum(seconds_of([pid]) for helper in self.helpers for pid in tree(helper))

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(60)


def send(nodes, body, turns, rate, start, times, refused):
    connection = http.client.HTTPConnection(urlsplit(nodes.base).netloc, timeout=120)
    headers = {"Authorization": "Bearer " + nodes.key, "Content-Type": "multipart/form-data; boundary=" + BOUNDARY}
    for turn in turns:
        pause = start + turn / rate - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        began = time.monotonic()
        connection.request("POST", "/v1/parse", body, headers)
        answer = connection.getresponse()
        answer.read()
        (times if answer.status == 202 else refused).append((time.monotonic() - began) * 1000)


def all_jobs(nodes):
    connection = http.client.HTTPConnection(urlsplit(nodes.base).netloc, timeout=120)
    cursor, jobs = "", []
    while cursor is not None:
        connection.request("GET", "/v1/jobs?limit=100" + (cursor and "&cursor=" + cursor),
                           headers={"Authorization": "Bearer " + nodes.key})
        page = json.loads(connection.getresponse().read())
        jobs += page["jobs"]
        cursor = page["nextCursor"]
    return jobs


def quantile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def measure(options, nodes):
    body, times, refused = form(drawing(options.size)), [], []
    count = int(options.rate * options.seconds)
    warm = min(100, count // 4)
    threads = []
    start = time.monotonic() + 0.1
    for first in range(options.clients):
        turns = range(first, count, options.clients)
        threads.append(threading.Thread(target=send, args=(nodes, body, turns, options.rate, start, times, refused)))
        threads[-1].start()
    time.sleep(warm / options.rate)
    memory = [memory_of(nodes.pids)]
    ours, others, own = seconds_of(nodes.pids), nodes.others(), time.process_time()
    for thread in threads:
        thread.join()
    sent_for = time.monotonic() - start
    while any(job["status"] in ("PENDING", "PROCESSING") for job in all_jobs(nodes)[:200]):
        time.sleep(0.1)
    took = time.monotonic() - start
    memory.append(memory_of(nodes.pids))
    ours, others, own = seconds_of(nodes.pids) - ours, nodes.others() - others, time.process_time() - own
    states = [job["status"] for job in all_jobs(nodes)]
    measured = len(times) - warm
    print(f"{options.backends}, preview {options.preview_px} px: {states.count('COMPLETED')} of {count} jobs completed in "
          f"{took:.1f} s = {states.count('COMPLETED') / took:.1f} jobs/s (sent for {sent_for:.1f} s, {len(refused)} refused)")
    print(f"POST /v1/parse: median {statistics.median(times):.1f} ms, 99 % {quantile(times, 0.99):.1f} ms, "
          f"worst {max(times):.1f} ms")
    print(f"processor a job: ours {ours / measured * 1000:.1f} ms, other servers {others / measured * 1000:.1f} ms, "
          f"generator {own / measured * 1000:.1f} ms")
    print(f"memory of our processes: {memory[0]:.1f} MB after {warm} jobs, {memory[1]:.1f} MB at the end")
    return states.count("COMPLETED") == count


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rate", type=float, default=42)
    options.add_argument("--seconds", type=float, default=300)
    options.add_argument("--clients", type=int, default=16)
    options.add_argument("--size", type=int, default=50_000)
    options.add_argument("--preview-px", type=int, default=2048)
    options.add_argument("--backends", choices=("embedded", "postgres", "s3"), default="embedded")
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
