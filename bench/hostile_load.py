#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Does a hostile account slow the others down? A thousand good drawings of one account, alone and then beside
two hundred of another account that never end by themselves: upload to COMPLETED, seen by the good one.

usage: bench/hostile_load.py [--good N] [--hostile N] [--clients N] [PATH OF cadlens]

Fails unless every good job is completed, and the median is within 2 times and the 95th percentile within 4
times of what they are alone.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parent.parent
JOB_LIMITS = ["--job-cpu-seconds", "2", "--job-wall-seconds", "3", "--job-memory", "512MB"]


GOOD_ACT = "compute 20"  # milliseconds: a drawing of some hundred kilobytes


def good_drawing():
    lines = ["0", "SECTION", "2", "ENTITIES"]
    for i in range(300):
        lines += ["0", "LINE", "8", "0", "10", f"{i}.5", "20", "0.0", "11", f"{i}.5", "21", f"{i % 97}.0"]
    return "\n".join([*lines, "0", "ENDSEC", "0", "EOF", ""]).encode()


class Account:
    def __init__(self, base, key):
        self.base = base
        self.session = requests.Session()
        self.session.headers["Authorization"] = "Bearer " + key

    def submit(self, content, name):
        while True:
            answer = self.session.post(f"{self.base}/v1/parse", files={"file": (name, content)}, timeout=120)
            if answer.status_code not in (429, 503):
                break
            time.sleep(0.2)
        answer.raise_for_status()
        return answer.json()["job_id"]

    def status(self, job):
        return self.session.get(f"{self.base}/v1/jobs/{job}", timeout=120).json()["status"]


class Service:
    def __init__(self, program, worker):
        self.folder = tempfile.TemporaryDirectory(prefix="cadlens-hostile-")
        data, key_file = self.folder.name + "/data", pathlib.Path(self.folder.name) / "key"
        self.process = subprocess.Popen(
            [program, "serve", "--data", data, "--listen", "127.0.0.1:0", "--owner-key-file", key_file, "--rate-key", "0",
             "--worker", worker,
             *JOB_LIMITS], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.base = next(m[1] for text in self.process.stdout if (m := re.search(r"(http://\S+)", text)))
        self.good_key = key_file.read_text().strip()
        self.hostile_key = subprocess.run([program, "admin", "add-key", "--data", data, "--account", "hostile"],
                                          capture_output=True, text=True, check=True).stdout.strip()

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        self.folder.cleanup()


def send_good(service, count, clients):
    """Seconds of each good job; as many at a time as there are clients."""
    content, left, times, lock, failed = good_drawing(), list(range(count)), [], threading.Lock(), []

    def client():
        account = Account(service.base, service.good_key)
        while True:
            with lock:
                if not left:
                    return
                left.pop()
            start = time.monotonic()
            job = account.submit(content, GOOD_ACT)
            while (status := account.status(job)) not in ("COMPLETED", "FAILED"):
                time.sleep(0.005)
            with lock:
                times.append(time.monotonic() - start)
                if status == "FAILED":
                    failed.append(job)
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(times), len(failed)


def hostile_names():
    """Of acts of the probe: half of them burn the processor, the others wait, eat, flood and die."""
    acts = ["spin", "hang", "spin", "eat memory", "spin", "pour 1 GB", "spin", "segfault", "spin", "fork"]
    while True:
        yield from acts


def send_hostile(service, count, over):
    account, names = Account(service.base, service.hostile_key), hostile_names()
    for _ in range(count):
        if over.is_set():
            return
        account.submit(good_drawing(), next(names))


def figures(times):
    return times[len(times) // 2] * 1000, times[len(times) * 95 // 100] * 1000


def measure(program, worker, arguments, hostile):
    service = Service(program, worker)
    over = threading.Event()
    try:
        send_good(service, 10, 1)  # warm
        attack = threading.Thread(target=send_hostile, args=(service, hostile, over))
        attack.start()
        if hostile:
            time.sleep(1)
        times, failed = send_good(service, arguments.good, arguments.clients)
        over.set()
        attack.join()
    finally:
        service.stop()
    median, p95 = figures(times)
    print(f"{arguments.good} good beside {hostile} hostile: median {median:.0f} ms, 95% {p95:.0f} ms, "
          f"worst {times[-1] * 1000:.0f} ms, failed {failed}", flush=True)
    return median, p95, failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--good", type=int, default=1000)
    parser.add_argument("--hostile", type=int, default=200)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--probe", default=str(ROOT / "build/dev/sandbox_probe"))
    parser.add_argument("program", nargs="?", default=str(ROOT / "build/release/cadlens"))
    arguments = parser.parse_args()
    # The worker is the probe of tests/sandbox, which does what the drawing's name says.
    median, p95, failed = measure(arguments.program, arguments.probe, arguments, 0)
    worse_median, worse_p95, worse_failed = measure(arguments.program, arguments.probe, arguments, arguments.hostile)
    good = failed == worse_failed == 0 and worse_median <= 2 * median and worse_p95 <= 4 * p95
    print(f"median {worse_median / median:.2f} times, 95% {worse_p95 / p95:.2f} times: {'as promised' if good else 'TOO SLOW'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
