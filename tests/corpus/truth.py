#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the result of every corpus drawing against independent truth (expected/).

    truth.py --cadlens build/release/cadlens [--format dxf] [--only SUBSTRING] [--report FILE] [-v]

Prints `files opened`, `entities compared`, `entities equal` and exits 1 when a difference is found
that neither expected/ nor known_differences.json lists with its cause. A missing corpus is a
failure in CI and a skip elsewhere.
"""
import argparse
import fnmatch
import json
import math
import os
import pathlib
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from compare import Comparison  # noqa: E402

PROJECT = HERE.parent.parent


def corpus_dir():
    return pathlib.Path(os.environ.get("CADLENS_CORPUS", PROJECT.parent / "shared" / "corpus"))


def parse(cadlens, path):
    """Runs the command line; returns (document or None, stderr)."""
    run = subprocess.run(
        [cadlens, "parse", str(path), "--blocks", "--xdata", "--reproducible"],
        capture_output=True, timeout=60)
    if run.returncode != 0:
        return None, f"exit {run.returncode}: {run.stderr.decode(errors='replace').strip()}"
    return json.loads(run.stdout), ""


def check_file(job):
    cadlens, corpus, name = job
    truth = json.loads((corpus / "expected" / (name + ".json")).read_text())
    try:
        document, error = parse(cadlens, corpus / name)
    except (subprocess.TimeoutExpired, ValueError) as e:
        document, error = None, repr(e)[:300]
    result = {"file": name, "opened": document is not None, "compared": 0, "equal": 0, "differences": []}
    if "error" in str(truth.get("expected", "")):
        if document is not None:
            result["differences"].append(("file", "opened", "must be refused with a reason"))
        elif "exit 3:" not in error and "exit 4:" not in error:
            result["differences"].append(("file", "refusal", error))
        result["refused"] = True
        return result
    if document is None:
        result["differences"].append(("file", "not opened", error))
        return result
    comparison = Comparison(document, truth, b"$INSUNITS" in (corpus / name).read_bytes())
    comparison.run()
    result.update(compared=comparison.compared, equal=comparison.equal,
                  differences=comparison.differences)
    return result


def known(known_rows, file, where, what):
    """File and place are globs."""
    return any(fnmatch.fnmatchcase(file, row["file"]) and fnmatch.fnmatchcase(where, row["where"])
               and row["what"] in ("*", what.split(":")[0]) for row in known_rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cadlens", default=str(PROJECT / "build" / "release" / "cadlens"))
    parser.add_argument("--format", default="dxf")
    parser.add_argument("--only", default="")
    parser.add_argument("--report")
    parser.add_argument("-v", "--verbose", action="store_true")
    args = parser.parse_args()

    corpus = corpus_dir()
    if not (corpus / "expected").is_dir():
        print(f"corpus: not found at {corpus}")
        if os.environ.get("CI") == "true":
            print("FAILED: the corpus must be there in CI")
            return 1
        print("SKIPPED: every corpus comparison (set CADLENS_CORPUS to run it)")
        return 0

    names = sorted(str(p.relative_to(corpus / "expected"))[:-5]
                   for p in (corpus / "expected" / args.format).rglob("*.json"))
    names = [n for n in names if args.only in n]
    rows = json.loads((HERE / "known_differences.json").read_text())
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(check_file, [(args.cadlens, corpus, n) for n in names]))

    unknown, listed = [], []
    for r in results:
        for where, what, detail in r["differences"]:
            (listed if known(rows, r["file"], where, what) else unknown).append(
                (r["file"], where, what, detail))
    compared = sum(r["compared"] for r in results)
    equal = sum(r["equal"] for r in results)
    if args.report:
        pathlib.Path(args.report).write_text(json.dumps(
            {"unknown": unknown, "listed": listed, "files": results}, indent=1))
    shown = unknown if args.verbose else unknown[:60]
    for file, where, what, detail in shown:
        print(f"DIFFERENT {file} [{where}] {what}: {str(detail)[:240]}")
    if len(shown) < len(unknown):
        print(f"... and {len(unknown) - len(shown)} more (-v)")
    share = 100 * (compared - equal) / compared if compared else 100
    print(f"files opened      {sum(r['opened'] for r in results)} of {len(results)}"
          f" ({sum(bool(r.get('refused')) for r in results)} must be refused)")
    print(f"entities compared {compared}")
    print(f"entities equal    {equal} ({share:.3f} % differ)")
    print(f"differences       {len(unknown)} without a cause, {len(listed)} listed with one")
    ok = not unknown and compared > 0 and share < 0.5
    print("PASSED" if ok else "FAILED")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
