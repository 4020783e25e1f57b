#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The same drawing saved as ASCII and as binary DXF must give the same result: structure, handles,
strings and integers equal, doubles to 1e-9 (ASCII files round).

usage: twins.py [--cadlens build/release/cadlens]
"""
import argparse
import os
import re
import sys

from truth import PROJECT, corpus_dir, parse

# Where the two files themselves hold different handles, because AutoCAD gives new ones at each save
# (expected/ of each agrees with its own file): the content of *U blocks made for table cells; and in
# R12 files blocks' content and the substitutes for entities that R12 does not know.
R12 = "samples__sample_AC1009"
R12_SUBSTITUTES = r"|^/sheets/0/entities/4[0-9]/(id|handle)$"


def saved_anew(name, document):
    anonymous = [str(i) for i, block in enumerate(document["blocks"])
                 if name == R12 or block["name"].startswith("*U")]
    blocks = rf"^/blocks/({'|'.join(anonymous)})/entities/\d+/(id|handle)$"
    return re.compile(blocks + (R12_SUBSTITUTES if name == R12 else ""))


# R12 ASCII files hold six significant digits: that pair can agree no better.
TOLERANCE = {"default": 1e-9, R12: 2e-5}
VOLATILE = {"name", "filename", "file"}
# "10=1.5; 360=2A": what an extension dictionary's record holds, as text.
VALUE = re.compile(r"(-?\d+)=([^;]*)")


def different_records(a, b, path, out, tolerance, renumbered):
    """Records in which numbers may be rounded and handles (codes 320-369) were given at saving."""
    left, right = VALUE.findall(a), VALUE.findall(b)
    if not left or [code for code, _ in left] != [code for code, _ in right]:
        out.append(f"{path}: {a!r} / {b!r}"[:200])
        return
    for (code, x), (_, y) in zip(left, right):
        if 320 <= int(code) <= 369 or x == y:
            continue
        try:
            different(float(x), float(y), f"{path}:{code}", out, tolerance, renumbered)
        except ValueError:
            out.append(f"{path}:{code}: {x!r} / {y!r}")


def different(a, b, path, out, tolerance, renumbered):
    if isinstance(a, float) or isinstance(b, float):
        if not (isinstance(a, (int, float)) and isinstance(b, (int, float))
                and abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))):
            out.append(f"{path}: {a!r} / {b!r}")
    elif type(a) is not type(b):
        out.append(f"{path}: {a!r} / {b!r}"[:200])
    elif isinstance(a, dict):
        if list(a) != list(b):
            out.append(f"{path}: keys {sorted(set(a) ^ set(b))}")
        for key in a.keys() & b.keys():
            if not (path in ("", "/metadata") and key in VOLATILE):
                different(a[key], b[key], f"{path}/{key}", out, tolerance, renumbered)
    elif isinstance(a, list):
        if len(a) != len(b):
            out.append(f"{path}: {len(a)} / {len(b)} items")
        for i, (x, y) in enumerate(zip(a, b)):
            different(x, y, f"{path}/{i}", out, tolerance, renumbered)
    elif "/extension/" in path and a != b:
        different_records(a, b, path, out, tolerance, renumbered)
    elif a != b and not renumbered.match(path):
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
            name = ascii_file.stem.removesuffix("_ascii")
            different(a, b, "", out, TOLERANCE.get(name, TOLERANCE["default"]), saved_anew(name, a))
        bad += bool(out)
        for line in out[:200]:
            print(f"DIFFERENT {ascii_file.stem}: {line}")
    print(f"twins: {len(pairs)} pairs, {bad} differ")
    return 1 if bad or not pairs else 0


if __name__ == "__main__":
    sys.exit(main())
