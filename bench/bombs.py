#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Time and memory of the drawings of tests/support/bombs.py, each through a worker of its own.

usage: bench/bombs.py [NAME...]   (CADLENS_WORKER chooses the worker; default: build/release)
"""
import os
import pathlib
import struct
import subprocess
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORKER = os.environ.get("CADLENS_WORKER", str(ROOT / "build/release/cadlens-worker"))
sys.path.insert(0, str(ROOT / "tests/support"))
from bombs import BOMBS  # noqa: E402

MEMORY, CPU_SECONDS, PIXELS = 2 << 30, 60, 2048


def frames_of(output):
    at = 0
    while at + 16 <= len(output):
        _, kind, part, _, length = struct.unpack_from("<4sHHII", output, at)
        yield kind, part, output[at + 16:at + 16 + length]
        at += 16 + length


def run(content):
    """CPU seconds, peak of memory in MB, what became of it, MB of output."""
    worker = subprocess.Popen([WORKER, str(MEMORY), str(CPU_SECONDS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)

    def feed():
        try:
            worker.stdin.write(b"CLRQ" + struct.pack("<IQQII", 1, len(content), 1_000_000, PIXELS, 5) + b"x.dxf" + content)
            worker.stdin.close()
        except BrokenPipeError:
            pass
    feeder = threading.Thread(target=feed)
    feeder.start()
    output = worker.stdout.read()
    feeder.join()
    _, status, usage = os.wait4(worker.pid, 0)
    worker.returncode = status
    peak, end = 0, f"status {status}"
    for kind, _, payload in frames_of(output):
        if kind == 3:
            peak, end = struct.unpack_from("<QQ", payload)[1] >> 20, "done"
        if kind == 4:
            end = payload.decode()
    return usage.ru_utime + usage.ru_stime, peak, end, len(output) / 1e6


def main():
    worst = 0.0
    for name in sys.argv[1:] or BOMBS:
        content = BOMBS[name]()
        cpu, peak, end, output = run(content)
        worst = max(worst, cpu)
        print(f"{name:40} {len(content) / 1e6:6.2f} MB  cpu {cpu:5.2f} s  peak {peak:5} MB  output {output:6.1f} MB  "
              f"{end[:60]}", flush=True)
    print(f"worst: {worst:.2f} s of computing time")


if __name__ == "__main__":
    main()
