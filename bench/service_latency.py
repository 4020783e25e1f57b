#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures upload to COMPLETED of a 200 KB drawing through a service of its own on loopback, 50 times,
one at a time, isolation included.

usage: bench/service_latency.py [path of cadlens]
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUNS = 50


def drawing():
    lines, size, i = ["0", "SECTION", "2", "ENTITIES"], 0, 0
    while size < 200_000:
        entity = ["0", "LINE", "8", "0", "10", f"{i}.5", "20", "0.0", "11", f"{i}.5", "21", f"{i % 97}.0"]
        size += sum(map(len, entity)) + len(entity)
        lines += entity
        i += 1
    return "\n".join(lines + ["0", "ENDSEC", "0", "EOF", ""]).encode()


def one(session, base, content):
    start = time.monotonic()
    job = session.post(f"{base}/v1/parse", files={"file": ("lines.dxf", content)}).json()["job_id"]
    while (status := session.get(f"{base}/v1/jobs/{job}").json()["status"]) != "COMPLETED":
        if status == "FAILED" or time.monotonic() - start > 30:
            sys.exit(f"service_latency: the job ended {status}")
        time.sleep(0.002)
    return (time.monotonic() - start) * 1000


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build" / "release" / "cadlens")
    with tempfile.TemporaryDirectory() as folder:
        key_file = pathlib.Path(folder) / "key"
        server = subprocess.Popen(
            [program, "serve", "--data", folder + "/data", "--listen", "127.0.0.1:0", "--owner-key-file", key_file],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            base = next(m[1] for line in server.stdout if (m := re.search(r"(http://\S+)", line)))
            session = requests.Session()
            session.headers["Authorization"] = "Bearer " + key_file.read_text().strip()
            content = drawing()
            times = sorted(one(session, base, content) for _ in range(RUNS))
        finally:
            server.terminate()
            server.wait(30)
    print(f"{len(content)} bytes, {RUNS} runs: median {times[RUNS // 2]:.1f} ms, worst {times[-1]:.1f} ms")


if __name__ == "__main__":
    main()
