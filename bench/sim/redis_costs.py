#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a job and a counted request cost Redis: processor time of redis-server (INFO cpu) while the project's own
scripts run (read from src/queue and src/rate), and the memory of a waiting job.

usage: bench/sim/redis_costs.py [--source DIR] [--out FILE]
"""
import argparse
import json
import pathlib
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.file = self.socket.makefile("rb")

    def reply(self):
        line = self.file.readline()[:-2]
        kind, rest = line[:1], line[1:]
        if kind == b"-":
            raise RuntimeError(rest.decode())
        if kind == b"$":
            return None if rest == b"-1" else self.file.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return [self.reply() for _ in range(int(rest))]
        return int(rest) if kind == b":" else rest

    def send(self, *words):
        words = [str(word).encode() for word in words]
        self.socket.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words))

    def call(self, *words):
        self.send(*words)
        return self.reply()

    def info(self, name):
        return float(re.search(name + r":([\d.]+)", self.call("INFO").decode())[1])

    def cpu(self):
        return self.info("used_cpu_sys") + self.info("used_cpu_user")


def scripts(path):
    if not path.exists():
        sys.exit(f"redis_costs: there is no {path}")
    return dict(re.findall(r"(k\w+) = R\"lua\((.*?)\)lua\"", path.read_text(), re.DOTALL))


def least(client, what, rounds=5):
    """Milliseconds of Redis's processor time: the least of some rounds, as others on the machine can only add."""
    found = []
    for _ in range(rounds):
        before = client.cpu()
        what()
        found.append((client.cpu() - before) * 1000)
    return min(found)


def measure(client, found):
    common = found["kCommon"]
    load = {name: client.call("SCRIPT", "LOAD", common + found[name]).decode() for name in ("kOffer", "kTake", "kFinish", "kAdopt")}
    now, prefix, jobs = int(time.time() * 1000), "sim:queue:", 3008

    def offer(first, count, pipeline=100):
        ids = ["job_" + secrets.token_hex(16) for _ in range(count)]
        for at in range(0, count, pipeline):
            for i, job in enumerate(ids[at:at + pipeline]):
                client.send("EVALSHA", load["kOffer"], 1, prefix, now, "node", job, now, now + first + at + i, now,
                            0, f"acc_{(at + i) % 500}")
            for _ in ids[at:at + pipeline]:
                client.reply()
        return ids
    memory = client.info("used_memory")
    offer(0, 100_000)
    waiting = (client.info("used_memory") - memory) / 100_000

    def lives():
        """So many jobs are offered, taken and finished, 64 of them running at a time."""
        offer(100_000, jobs)
        taken = []
        for _ in range(jobs):
            taken.append(client.call("EVALSHA", load["kTake"], 1, prefix, now, "runner_1", 0)[1].decode())
            if len(taken) == 64:
                for job in taken:
                    client.call("EVALSHA", load["kFinish"], 1, prefix, now, job, "runner_1", 1)
                taken.clear()
        for job in taken:
            client.call("EVALSHA", load["kFinish"], 1, prefix, now, job, "runner_1", 1)
        assert client.call("XLEN", prefix + "work") == 0

    calls = 10_000

    def looks():
        """Takes when nothing waits."""
        for _ in range(calls):
            client.call("EVALSHA", load["kTake"], 1, "sim:nothing:", now, "runner_1", 0)

    def renewals():
        for _ in range(calls):
            client.call("EVALSHA", load["kAdopt"], 1, prefix, now, "runner_1", "job_that_runs", "acc_1", 1)
    return {"queue_ms": round(least(client, lives) / jobs, 4), "empty_take_ms": round(least(client, looks) / calls, 4),
            "adopt_ms": round(least(client, renewals) / calls, 4), "bytes_per_waiting_job": round(waiting)}


def measure_limit(client, text, calls=10_000):
    sha = client.call("SCRIPT", "LOAD", text).decode()

    def ask():
        for i in range(calls):
            # The limit of a key: 6,000 a minute, 1,000 at once.
            client.call("EVALSHA", sha, 1, f"cadlens:rate:{i % 2000:022d}", 10_000, 10_000_000, "")
    return {"limit_ms": round(least(client, ask) / calls, 4)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=pathlib.Path, default=HERE.parents[1] / "src")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "redis.json")
    options = parser.parse_args()
    queue, limit = (scripts(options.source / name) for name in ("queue/redis_scripts.cpp", "rate/redis_limiter.cpp"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="cadlens-sim-redis-") as folder:
        server = subprocess.Popen(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
                                  stdout=subprocess.DEVNULL)
        try:
            for _ in range(200):
                try:
                    client = Client(port)
                    break
                except OSError:
                    time.sleep(0.05)
            version = re.search(r"redis_version:(\S+)", client.call("INFO").decode())[1]
            result = {"version": version, **measure(client, queue), **measure_limit(client, limit["kTake"])}
        finally:
            server.terminate()
            server.wait(30)
    options.out.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
