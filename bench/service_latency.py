#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures upload to COMPLETED of a drawing (default: 200 KB of DXF lines) through a service of its own on
loopback, one at a time, isolation included.
"""
import argparse
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parent.parent


def drawing():
    lines, size, i = ["0", "SECTION", "2", "ENTITIES"], 0, 0
    while size < 200_000:
        entity = ["0", "LINE", "8", "0", "10", f"{i}.5", "20", "0.0", "11", f"{i}.5", "21", f"{i % 97}.0"]
        size += sum(map(len, entity)) + len(entity)
        lines += entity
        i += 1
    return "\n".join(lines + ["0", "ENDSEC", "0", "EOF", ""]).encode()


def one(session, base, name, content):
    start = time.monotonic()
    job = session.post(f"{base}/v1/parse", files={"file": (name, content)}).json()["job_id"]
    while (status := session.get(f"{base}/v1/jobs/{job}").json()["status"]) != "COMPLETED":
        if status == "FAILED" or time.monotonic() - start > 30:
            sys.exit(f"service_latency: the job ended {status}")
        time.sleep(0.002)
    return (time.monotonic() - start) * 1000


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("drawing", nargs="?", type=pathlib.Path, help="the drawing to upload")
    options.add_argument("--runs", type=int, default=50)
    options.add_argument("--cadlens", default=str(ROOT / "build" / "release" / "cadlens"))
    options = options.parse_args()
    content = options.drawing.read_bytes() if options.drawing else drawing()
    name = options.drawing.name if options.drawing else "lines.dxf"
    with tempfile.TemporaryDirectory() as folder:
        key_file = pathlib.Path(folder) / "key"
        server = subprocess.Popen(
            [options.cadlens, "serve", "--data", folder + "/data", "--listen", "127.0.0.1:0", "--owner-key-file", key_file,
             "--rate-key", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            base = next(m[1] for line in server.stdout if (m := re.search(r"(http://\S+)", line)))
            session = requests.Session()
            session.headers["Authorization"] = "Bearer " + key_file.read_text().strip()
            times = sorted(one(session, base, name, content) for _ in range(options.runs))
        finally:
            server.terminate()
            server.wait(30)
    print(f"{name}, {len(content)} bytes, {len(times)} runs: median {statistics.median(times):.1f} ms, worst {times[-1]:.1f} ms")


if __name__ == "__main__":
    main()
