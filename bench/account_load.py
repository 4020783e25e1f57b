#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How long does GET /v1/jobs/{id} take under 500 requests a second of mixed, authenticated traffic while people sign
in all the time (bcrypt)? Loads come from h2load (Debian: nghttp2-client), each request's time is taken by it.

usage: bench/account_load.py [--seconds N] [--rate N] [--sign-ins N] [PATH OF cadlens]

Fails unless all requests succeed, the rate is reached, people were signed in meanwhile, and the 99th percentile of
GET /v1/jobs/{id} stays under 20 ms.
"""
import argparse
import pathlib
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parent.parent
UNLIMITED = [x for name in ("address", "key", "costly", "sign-in", "account-sign-in", "mailbox")
             for x in (f"--rate-{name}", "0")]
# Share of the rate, path, who asks.
MIX = [(0.60, "/v1/jobs/{job}", "key"), (0.12, "/v1/jobs/{job}", "session"), (0.10, "/v1/jobs?limit=20", "key"),
       (0.08, "/v1/jobs/{job}/image", "key"), (0.06, "/v1/auth/me", "session"), (0.04, "/v1/keys", "session")]


class Service:
    def __init__(self, program):
        self.program = program
        self.folder = tempfile.TemporaryDirectory(prefix="cadlens-accounts-")
        self.data, self.key_file = self.folder.name + "/data", pathlib.Path(self.folder.name) / "key"
        out = open(self.folder.name + "/out", "wb")
        self.process = subprocess.Popen([program, "serve", "--data", self.data, "--listen", "127.0.0.1:0",
                                         "--owner-key-file", self.key_file, *UNLIMITED], stdout=out,
                                        stderr=subprocess.DEVNULL)
        while True:
            found = re.search(r"listens on (\S+)\n", pathlib.Path(self.folder.name + "/out").read_text())
            if found:
                break
            time.sleep(0.02)
        self.base = found.group(1)

    def add_user(self):
        email, password = f"{secrets.token_hex(4)}@example.test", "correct " + secrets.token_hex(8)
        link = subprocess.run([self.program, "admin", "add-user", email, "--data", self.data], capture_output=True,
                              text=True, check=True).stdout
        token = re.search(r"token=(\S+)", link).group(1)
        requests.post(self.base + "/v1/auth/reset-password", json={"token": token, "password": password},
                      timeout=60).raise_for_status()
        return {"email": email, "password": password}

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


class SignIns(threading.Thread):
    """One person after the other, as fast as the service lets them."""

    def __init__(self, base, user):
        super().__init__()
        self.base, self.user, self.times, self.stopping = base, user, [], threading.Event()

    def run(self):
        while not self.stopping.is_set():
            start = time.monotonic()
            requests.post(self.base + "/v1/auth/login", json=self.user, timeout=60).raise_for_status()
            self.times.append(time.monotonic() - start)


def start_load(folder, number, base, path, bearer, rate, seconds):
    log = f"{folder}/load{number}.log"
    clients = max(1, round(rate / 25))
    command = ["h2load", "--h1", "-c", str(clients), "-t", "1", "-D", str(seconds), "--warm-up-time", "2",
               f"--rps={rate / clients:.3f}", f"--log-file={log}", "-H", f"Authorization: Bearer {bearer}", base + path]
    return log, subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def read_log(path):
    """Microseconds of each request, and how many did not succeed."""
    times, bad = [], 0
    for line in pathlib.Path(path).read_text().splitlines():
        _, status, taken = line.split("\t")
        times.append(int(taken))
        bad += status != "200"
    return times, bad


def quantile(times, q):
    return sorted(times)[min(len(times) - 1, int(q * len(times)))] / 1000


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--sign-ins", type=int, default=2, help="at the same time")
    parser.add_argument("program", nargs="?", default=str(ROOT / "build/release/cadlens"))
    options = parser.parse_args()
    service = Service(options.program)
    user = service.add_user()
    session = requests.post(service.base + "/v1/auth/login", json=user, timeout=60).json()["token"]
    headers = {"Authorization": "Bearer " + session}
    key = requests.post(service.base + "/v1/keys", json={"name": "load"}, headers=headers, timeout=60).json()["key"]
    drawing = (ROOT / "tests/fixtures/house.dxf").read_bytes()
    for _ in range(30):
        job = requests.post(service.base + "/v1/parse", data={"mode": "sync"}, files={"file": ("a.dxf", drawing)},
                            headers={"Authorization": "Bearer " + key}, timeout=60).json()["job_id"]
    people = [SignIns(service.base, user) for _ in range(options.sign_ins)]
    for person in people:
        person.start()
    runs = []
    for number, (share, path, who) in enumerate(MIX):
        bearer = key if who == "key" else session
        runs.append((path, who, *start_load(service.folder.name, number, service.base, path.format(job=job), bearer,
                                            options.rate * share, options.seconds)))
    for _, _, _, process in runs:
        process.wait()
    for person in people:
        person.stopping.set()
        person.join()
    total, failed, jobs = 0, 0, []
    for path, who, log, _ in runs:
        times, bad = read_log(log)
        total, failed = total + len(times), failed + bad
        if path == "/v1/jobs/{job}":
            jobs += times
        print(f"{path:22} {who:8} {len(times):6} requests  median {quantile(times, .5):6.2f} ms  "
              f"99 % {quantile(times, .99):6.2f} ms  worst {max(times) / 1000:6.1f} ms")
    signed_in = [t for person in people for t in person.times]
    rate = total / options.seconds
    p99 = quantile(jobs, 0.99)
    print(f"all: {rate:.0f} requests/s, {failed} failed; {len(signed_in)} sign-ins meanwhile, median "
          f"{sorted(signed_in)[len(signed_in) // 2] * 1000:.0f} ms")
    print(f"GET /v1/jobs/{{id}}: median {quantile(jobs, .5):.2f} ms, 99 % {p99:.2f} ms")
    service.stop()
    sys.exit(0 if failed == 0 and rate > 0.95 * options.rate and signed_in and p99 < 20 else 1)


main()
