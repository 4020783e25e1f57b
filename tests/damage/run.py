#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the damage matrix over the corpus and the project's fixtures, one process a file so that a
crash names its file.

usage: run.py --damage build/dev/damage [--flips N] [--format dxf] [--px N]
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent


def run_one(job):
    command, path = job
    run = subprocess.run(command + [str(path)], capture_output=True, text=True, errors="replace")
    return path, run.returncode, run.stdout, run.stderr


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--damage", default=str(PROJECT / "build" / "dev" / "damage"))
    parser.add_argument("--flips", default="4")
    parser.add_argument("--px", default="128")
    parser.add_argument("--format", default="dxf")
    args = parser.parse_args()
    corpus = pathlib.Path(os.environ.get("CADLENS_CORPUS", PROJECT.parent / "shared" / "corpus"))
    own = tempfile.TemporaryDirectory(prefix="cadlens-damage-")
    if args.format == "dwg":
        subprocess.run([pathlib.Path(args.damage).parent / "dwg_drawings", own.name], check=True)
    files = sorted([*(PROJECT / "examples").glob("*." + args.format), *pathlib.Path(own.name).iterdir()])
    if (corpus / args.format).is_dir():
        files += sorted(p for p in (corpus / args.format).rglob("*") if p.is_file())
    elif os.environ.get("CI") == "true":
        print(f"FAILED: the corpus must be there in CI (looked in {corpus})")
        return 1
    else:
        print("SKIPPED: the corpus half of the damage matrix (set CADLENS_CORPUS to run it)")

    command = [args.damage, "--flips", args.flips, "--px", args.px]
    bad = cases = 0
    slowest = (0.0, "")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, code, out, err in pool.map(run_one, [(command, f) for f in files]):
            match = re.search(r"(\d+) cases:.*slowest ([\d.]+) s \((.*)\)", out)
            if match:
                cases += int(match.group(1))
                slowest = max(slowest, (float(match.group(2)), match.group(3)))
            if code != 0:
                bad += 1
                print(f"DAMAGED {path.name}: exit {code}\n  " + "\n  ".join(err.strip().split("\n")[:30]))
    print(f"damage matrix: {len(files)} files, {cases} cases, slowest {slowest[0]:.2f} s, {bad} files bad")
    return 1 if bad or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
