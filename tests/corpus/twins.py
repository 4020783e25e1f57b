#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The same drawing saved as ASCII and as binary DXF must give the same result: structure, handles,
strings and integers equal, doubles to 1e-9 (ASCII files round).

usage: twins.py [--cadlens build/release/cadlens]
"""
import argparse
import os
import sys

from truth import PROJECT, corpus_dir, parse

VOLATILE = {"name", "filename", "file"}


def different(a, b, path, out):
    if isinstance(a, float) or isinstance(b, float):
        if not (isinstance(a, (int, float)) and isinstance(b, (int, float))
                and abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))):
            out.append(f"{path}: {a!r} / {b!r}")
    elif type(a) is not type(b):
        out.append(f"{path}: {a!r} / {b!r}"[:200])
    elif isinstance(a, dict):
        if list(a) != list(b):
            out.append(f"{path}: keys {sorted(set(a) ^ set(b))}")
        for key in a.keys() & b.keys():
            if not (path in ("", "/metadata") and key in VOLATILE):
                different(a[key], b[key], f"{path}/{key}", out)
    elif isinstance(a, list):
        if len(a) != len(b):
            out.append(f"{path}: {len(a)} / {len(b)} items")
        for i, (x, y) in enumerate(zip(a, b)):
            different(x, y, f"{path}/{i}", out)
    elif a != b:
        out.append(f"{path}: {a!r} / {b!r}"[:200])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cadlens", default=str(PROJECT / "build" / "release" / "cadlens"))
    args = parser.parse_args()
    folder = corpus_dir() / "dxf"
    if not folder.is_dir():
        print("corpus: not found;", "FAILED" if os.environ.get("CI") == "true" else "SKIPPED: ASCII/binary twins")
        return 1 if os.environ.get("CI") == "true" else 0
    pairs = [(p, p.with_name(p.name.replace("_ascii", "_binary"))) for p in sorted(folder.rglob("*_ascii.dxf"))]
    pairs = [(a, b) for a, b in pairs if b.exists()]
    bad = 0
    for ascii_file, binary_file in pairs:
        (a, error_a), (b, error_b) = parse(args.cadlens, ascii_file), parse(args.cadlens, binary_file)
        out = [f"not opened: {error_a} {error_b}"] if a is None or b is None else []
        if not out:
            different(a, b, "", out)
        bad += bool(out)
        for line in out[:20]:
            print(f"DIFFERENT {ascii_file.stem}: {line}")
    print(f"twins: {len(pairs)} pairs, {bad} differ")
    return 1 if bad or not pairs else 0


if __name__ == "__main__":
    sys.exit(main())
