#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Jobs through a cluster to which something bad happens every two seconds, and what must hold at the end.

usage: tests/chaos/chaos.py [--seed N] [--jobs N] [--every SECONDS] [PATH OF cadlens]

Two API nodes and two workers over real PostgreSQL, Redis and an S3 server; one of the workers lives in a network
namespace of its own, behind a link that can be cut. The seed gives the schedule, drawn in advance: what happens, to whom,
for how long. (What cannot be done, as the one before is not over, is left out.)
At the end every accepted job is COMPLETED, or FAILED for its own reason, once; each of its webhooks has arrived, in
order; no object is left that no job owns; and the month's count is the number of accepted jobs.
"""
import argparse
import collections
import hashlib
import json
import os
import pathlib
import random
import re
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/api")]
import backends  # noqa: E402
from receiver import Receiver  # noqa: E402

# What is no fault of the drawing, and does not count (jobs::is_our_fault).
OUR_FAULT = {"INTERNAL", "UNAVAILABLE", "IO_ERROR", "INTEGRITY_ERROR", "NOT_FOUND", "INTERRUPTED", "WORKER_KILLED",
             "WORKER_UNAVAILABLE", "PARSE_CRASHED"}
BROKEN = b"AC1018" + b"\0" * 200  # begins like a drawing, and is none: fails for its own reason


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def drawing(entities, salt):
    lines = ["999", str(salt), "0", "SECTION", "2", "ENTITIES"]
    for i in range(entities):
        lines += ["0", "LINE", "8", "0", "10", f"{i}.5", "20", "0.0", "11", f"{i}.5", "21", f"{i % 97}.0"]
    return "\n".join(lines + ["0", "ENDSEC", "0", "EOF", ""]).encode()


class Relay:
    """Makes a port of loopback reachable from the namespace: connections to `address` go there."""

    def __init__(self, address, port):
        self.port = port
        self.listener = socket.create_server((address, 0))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            one, _ = self.listener.accept()
            try:
                other = socket.create_connection(("127.0.0.1", self.port), timeout=5)
            except OSError:
                one.close()
                continue
            other.settimeout(None)
            threading.Thread(target=self.pump, args=(one, other), daemon=True).start()

    @staticmethod
    def pump(one, other):
        pairs = {one: other, other: one}
        try:
            while True:
                for ready in select.select(list(pairs), [], [])[0]:
                    block = ready.recv(65536)
                    if not block:
                        return
                    pairs[ready].sendall(block)
        except OSError:
            pass
        finally:
            one.close()
            other.close()


class FarAway:
    """A network namespace, and the link to it."""

    def __init__(self):
        tag = secrets.token_hex(3)
        self.name, self.near, self.far = "cadlens-" + tag, "cl" + tag + "a", "cl" + tag + "b"
        net = f"10.213.{random.SystemRandom().randrange(256)}"
        self.address = net + ".1"
        for command in (f"netns add {self.name}", f"link add {self.near} type veth peer name {self.far} netns {self.name}",
                        f"addr add {net}.1/30 dev {self.near}", f"link set {self.near} up",
                        f"-n {self.name} addr add {net}.2/30 dev {self.far}", f"-n {self.name} link set {self.far} up",
                        f"-n {self.name} link set lo up"):
            subprocess.run(["ip", *command.split()], check=True, capture_output=True)

    def set(self, state):
        subprocess.run(["ip", "link", "set", self.near, state], check=True, capture_output=True)

    def remove(self):
        subprocess.run(["ip", "netns", "del", self.name], check=False, capture_output=True)


class Node:
    def __init__(self, cluster, name, role, environment, prefix=()):
        self.cluster, self.name, self.role = cluster, name, role
        self.environment, self.prefix, self.port = environment, list(prefix), 0
        self.start()

    def start(self):
        command = [*self.prefix, self.cluster.program, "serve", "--data", str(self.cluster.folder / self.name),
                   "--role", self.role, "--rate-key", "0", "--rate-address", "0", "--lease-seconds", "10",
                   "--clock-file", str(self.cluster.clock), "--webhook-allow", "127.0.0.0/8", "--webhook-allow-http",
                   "--webhook-senders", "16", "--preview-px", "256", "--workers", "2"]
        if self.role == "api":
            command += ["--listen", f"127.0.0.1:{self.port}", "--owner-key-file", str(self.cluster.key_file)]
        out = self.cluster.folder / (self.name + ".out")
        with open(self.cluster.folder / (self.name + ".log"), "ab") as log, open(out, "wb") as stream:
            self.process = subprocess.Popen(command, stdout=stream, stderr=log, env=self.environment)
        return out

    def wait_until_up(self, seconds=60):
        out, end = self.cluster.folder / (self.name + ".out"), time.monotonic() + seconds
        while time.monotonic() < end:
            if match := re.search(r"works|listens on http://127.0.0.1:(\d+)", out.read_text()):
                self.port = int(match[1] or 0)
                return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.02)
        raise AssertionError(self.name + " does not come up")

    def kill(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()

    def bring_back(self):
        """A supervisor's work: it is started again until it stays."""
        while True:
            self.start()
            if self.wait_until_up():
                return
            time.sleep(0.5)


class Cluster:
    def __init__(self, program, folder):
        self.program, self.folder = str(program), pathlib.Path(folder)
        self.clock, self.key_file = self.folder / "clock", self.folder / "owner.key"
        self.clock.write_text("0")
        self.backends = backends.Backends()
        self.environment = {**os.environ, **self.backends.fresh()}
        for name in ("CADLENS_MASTER_KEY_FILE", "CADLENS_SIGNING_KEY_FILE"):
            file = self.folder / name.lower()
            file.touch(0o600)
            file.write_text(secrets.token_hex(32) + "\n")
            self.environment[name] = str(file)
        self.far = FarAway()
        self.nodes = {}
        for name, role in (("api-1", "api"), ("api-2", "api"), ("worker-1", "worker")):
            self.nodes[name] = Node(self, name, role, self.environment)
            assert self.nodes[name].wait_until_up(), (self.folder / (name + ".log")).read_text()
        self.nodes["worker-2"] = Node(self, "worker-2", "worker", self.from_far_away(),
                                      ["ip", "netns", "exec", self.far.name])
        assert self.nodes["worker-2"].wait_until_up(), (self.folder / "worker-2.log").read_text()

    def from_far_away(self):
        environment = dict(self.environment)
        for name in ("CADLENS_DATABASE_URL", "CADLENS_REDIS_URL", "CADLENS_S3_URL"):
            port = int(re.search(r"127\.0\.0\.1:(\d+)", environment[name])[1])
            relay = Relay(self.far.address, port)
            environment[name] = re.sub(r"127\.0\.0\.1:\d+", f"{self.far.address}:{relay.listener.getsockname()[1]}",
                                       environment[name])
        return environment

    @property
    def key(self):
        return self.key_file.read_text().strip()

    def stop(self):
        for node in self.nodes.values():
            node.kill()
        self.backends.stop()
        self.far.remove()


# What may happen, how often among others, to whom, and for how many seconds.
EVENTS = (("kill worker", 4, ("worker-1", "worker-2"), None), ("kill api", 3, ("api-1", "api-2"), None),
          ("pause worker", 3, ("worker-1", "worker-2"), (1, 15)), ("pause api", 2, ("api-1", "api-2"), (1, 15)),
          ("restart redis", 2, ("Redis",), (0, 4)), ("flush redis", 2, ("Redis",), None),
          ("restart postgres", 2, ("PostgreSQL",), (0, 4)), ("stop s3", 1, ("S3",), (10, 10)),
          ("cut", 2, ("worker-2",), (1, 20)))
MOST_EVENTS = 5000


class Planned:
    def __init__(self, source):
        self.kind, _, targets, span = source.choices(EVENTS, [event[1] for event in EVENTS])[0]
        self.target = source.choice(targets)
        self.span = source.uniform(*(span or (0, 0)))

    def __str__(self):
        return f"{self.kind}: {self.target}" + (f" for {self.span:.1f} s" if self.span else "")


def schedule(seed):
    """All that will happen, in its order: whatever the cluster does meanwhile, a seed means the same."""
    source = random.Random(seed)
    return [Planned(source) for _ in range(MOST_EVENTS)]


def schedule_hash(events):
    return hashlib.sha256("\n".join(map(str, events)).encode()).hexdigest()[:12]


class Chaos:
    """Does what is planned: each event with what undoes it, after a while."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.threads, self.done = [], collections.Counter()

    def later(self, name, what):
        self.threads.append(threading.Thread(target=what, name=name, daemon=True))
        self.threads[-1].start()

    def kill(self, event):
        node = self.cluster.nodes[event.target]
        if node.process.poll() is not None:
            return False
        node.kill()
        self.later(event.kind, node.bring_back)
        return True

    def pause(self, event):
        process = self.cluster.nodes[event.target].process
        process.send_signal(signal.SIGSTOP)
        self.later(event.kind, lambda: (time.sleep(event.span), process.send_signal(signal.SIGCONT)))
        return True

    def away(self, event, server):
        server.tell("stop")
        self.later(event.kind, lambda: (time.sleep(event.span), server.tell("start")))
        return True

    def flush_redis(self, _):
        self.cluster.backends.redis.tell("flush")
        return True

    def cut(self, event):
        self.cluster.far.set("down")
        self.later(event.kind, lambda: (time.sleep(event.span), self.cluster.far.set("up")))
        return True

    def happen(self, event):
        """Never two of a kind at a time: then this one is left out."""
        servers = self.cluster.backends
        act = {"kill worker": self.kill, "kill api": self.kill, "pause worker": self.pause, "pause api": self.pause,
               "flush redis": self.flush_redis, "cut": self.cut,
               "restart redis": lambda event: self.away(event, servers.redis),
               "restart postgres": lambda event: self.away(event, servers.postgres),
               "stop s3": lambda event: self.away(event, servers.swift)}[event.kind]
        if any(t.is_alive() and t.name == event.kind for t in self.threads):
            return f"left out, as the last one is not over: {event}"
        if not act(event):
            return f"left out, as it is down already: {event}"
        self.done[event.kind] += 1
        return str(event)

    def end(self):
        for thread in self.threads:
            thread.join(120)
            assert not thread.is_alive(), thread.name


class Sender(threading.Thread):
    """A customer's program: sends its drawings to either node, again and again under the same Idempotency-Key, until
    it has the job's id."""

    def __init__(self, cluster, numbers, hook):
        super().__init__(daemon=True)
        self.cluster, self.numbers, self.hook = cluster, numbers, hook
        self.accepted, self.refused, self.strange = {}, collections.Counter(), []

    def run(self):
        for number in self.numbers:
            content = BROKEN if number % 20 == 7 else drawing(1 + number * 37 % 400, number)
            while not self.send(number, content):
                time.sleep(0.3)

    def send(self, number, content):
        node = self.cluster.nodes[random.choice(["api-1", "api-2"])]
        try:
            answer = requests.post(f"http://127.0.0.1:{node.port}/v1/parse", files={"file": ("a.dxf", content)},
                                   data={"webhook_url": self.hook},
                                   headers={"Authorization": "Bearer " + self.cluster.key,
                                            "Idempotency-Key": f"chaos-{number}"}, timeout=60)
        except requests.RequestException as problem:
            self.refused[type(problem).__name__] += 1
            return False
        if answer.status_code == 202:
            self.accepted[number] = answer.json()["job_id"]
            return True
        self.refused[answer.status_code] += 1
        if answer.status_code not in (429, 502, 503) or "Retry-After" not in answer.headers:
            self.strange.append((answer.status_code, answer.text[:300]))
        return False


def torment(cluster, options, hook):
    chaos, planned = Chaos(cluster), schedule(options.seed)
    senders = [Sender(cluster, range(i, options.jobs, 8), hook) for i in range(8)]
    for sender in senders:
        sender.start()
    count = 0
    while any(sender.is_alive() for sender in senders) or count < options.jobs / 50:
        time.sleep(options.every)
        text = chaos.happen(planned[count])
        count += 1
        say(f"{sum(len(s.accepted) for s in senders)} accepted; {text}")
        assert count < MOST_EVENTS
    chaos.end()
    for node in cluster.nodes.values():
        if node.process.poll() is not None:
            node.bring_back()
    say(f"what happened: {dict(chaos.done)}, of a schedule of {count} events {schedule_hash(planned[:count])}")
    return senders


def rows(cluster, sql, *values):
    with backends.Database(cluster.environment["CADLENS_DATABASE_URL"]) as database:
        return database.execute(sql, values).fetchall()


def wait_for_end(cluster, seconds=600):
    end = time.monotonic() + seconds
    while True:
        left = rows(cluster, "SELECT COUNT(*) FROM jobs WHERE status IN ('PENDING','PROCESSING')")[0][0]
        open_ones = rows(cluster, "SELECT COUNT(*) FROM deliveries WHERE state = 'PENDING'")[0][0]
        if left + open_ones == 0:
            return
        assert time.monotonic() < end, f"{left} jobs and {open_ones} deliveries do not end"
        time.sleep(0.5)


def check_jobs(cluster, accepted):
    stored = {row[0]: row[1:] for row in rows(cluster, "SELECT id, status, error_code, result_attempt FROM jobs")}
    assert len(set(accepted.values())) == len(accepted), "two drawings got one job"
    assert set(stored) == set(accepted.values()), "jobs were lost, or made that nobody was told of"
    reasons = collections.Counter()
    for number, job in accepted.items():
        status, code, attempt = stored[job]
        if number % 20 == 7:
            assert status == "FAILED", (job, status)
            reasons[code] += 1
        else:
            assert (status, code) == ("COMPLETED", None) and attempt, (job, status, code)
    say(f"{len(accepted)} jobs, each ended once; broken drawings: {dict(reasons)}")
    assert not set(reasons) & OUR_FAULT, reasons
    return stored


def check_results(cluster, accepted):
    """Of some: the result is that drawing's own."""
    headers = {"Authorization": "Bearer " + cluster.key}
    for number, job in list(accepted.items())[::25]:
        if number % 20 == 7:
            continue
        port = cluster.nodes["api-1"].port
        result = requests.get(f"http://127.0.0.1:{port}/v1/jobs/{job}/result", headers=headers, timeout=60)
        assert result.status_code == 200, result.text[:300]
        entities = sum(sheet["entityCount"] for sheet in result.json()["sheets"])
        assert result.json()["jobId"] == job and entities == 1 + number * 37 % 400, (job, entities)


def check_webhooks(accepted, stored, receiver):
    came = collections.defaultdict(list)
    for _, _, _, body in receiver.events():
        came[body["jobId"]].append(body["event"])
    repeated = 0
    for job in accepted.values():
        end = "job.completed" if stored[job][0] == "COMPLETED" else "job.failed"
        names = came[job]
        assert end in names, (job, names)
        order = [name for i, name in enumerate(names) if name not in names[:i]]
        assert order == ["job.processing", end], (job, names)
        repeated += len(names) - 2
    say(f"webhooks: all arrived in order, {repeated} of them more than once")


def check_objects(cluster, stored):
    """A sweep by a clock that is ahead: what no job owns must be gone, and nothing else."""
    wanted = {(job, kind, number, attempt) for job, kind, number, attempt in
              rows(cluster, "SELECT p.job_id, p.kind, p.number, j.result_attempt FROM parts p JOIN jobs j"
                            " ON j.id = p.job_id")}
    expected = {f"results/{job[-2:]}/{job}-{attempt}-{kind}-{number}" for job, kind, number, attempt in wanted}
    expected |= {f"uploads/{job}" for job, (status, _, _) in stored.items() if status == "COMPLETED"}
    expected -= {f"uploads/{row[0]}" for row in rows(cluster, "SELECT id FROM jobs WHERE upload_gone = 1")}
    end = time.monotonic() + 120
    while True:
        there = {key for key, _ in cluster.backends.objects(cluster.environment) if not key.startswith("meta/")}
        if there == expected:
            break
        if time.monotonic() > end:
            raise AssertionError(f"orphans: {sorted(there - expected)[:5]} of {len(there - expected)}; "
                                 f"lost: {sorted(expected - there)[:5]} of {len(expected - there)}")
        time.sleep(1)
    say(f"objects: {len(there)}, all of them owned, none missing")


def check_quota(cluster, accepted):
    [(counted,)] = rows(cluster, "SELECT COALESCE(SUM(used), 0) FROM quota_months")
    [(by_day,)] = rows(cluster, "SELECT COALESCE(SUM(requests), 0) FROM usage")
    assert counted == by_day == len(accepted), (counted, by_day, len(accepted))
    say(f"usage: {counted} requests counted for {len(accepted)} jobs")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=2000)
    options.add_argument("--every", type=float, default=2.0)
    options.add_argument("--keep", action="store_true", help="keep the nodes' logs")
    options.add_argument("program", nargs="?", default=str(ROOT / "build/release/cadlens"))
    options = options.parse_args()
    folder = tempfile.mkdtemp(prefix="cadlens-chaos-")
    say(f"seed {options.seed}, {options.jobs} jobs, logs in {folder}")
    cluster, receiver = Cluster(options.program, folder), Receiver()
    try:
        start = time.monotonic()
        senders = torment(cluster, options, receiver.url())
        accepted = {number: job for sender in senders for number, job in sender.accepted.items()}
        refused = sum((sender.refused for sender in senders), collections.Counter())
        say(f"all {len(accepted)} accepted after {time.monotonic() - start:.0f} s; meanwhile turned away: {dict(refused)}")
        strange = [one for sender in senders for one in sender.strange]
        assert not strange, strange[:5]
        assert len(accepted) == options.jobs
        wait_for_end(cluster)
        say(f"all ended after {time.monotonic() - start:.0f} s")
        stored = check_jobs(cluster, accepted)
        check_webhooks(accepted, stored, receiver)
        check_quota(cluster, accepted)
        check_objects(cluster, stored)
        check_results(cluster, accepted)
        say("everything holds")
        options.keep or subprocess.run(["rm", "-rf", folder], check=False)
    finally:
        cluster.stop()
        receiver.close()


if __name__ == "__main__":
    main()
