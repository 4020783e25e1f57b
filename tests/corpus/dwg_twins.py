#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A DWG and the DXF that the same program made of it, through our two readers, must give the same
result: structure, layers, entities by handle with all their fields, doubles to 1e-6.

usage: dwg_twins.py [--cadlens build/release/cadlens] [--only SUBSTRING] [-v]

What the formats cannot hold alike is listed with its cause in dwg_twin_differences.json:
{"pair", "place" (sheet, block or "document"), "entity" (type and handle), "field", "cause"}, each a
glob. A rule that excuses nothing is an error, so that the list cannot outlive its causes.
"""
import argparse
import fnmatch
import json
import os
import pathlib
import sys
from concurrent.futures import ProcessPoolExecutor

from truth import PROJECT, corpus_dir, parse
from twins import VALUE

HERE = pathlib.Path(__file__).resolve().parent
TOLERANCE = 1e-6
VOLATILE = {"filename", "format"}


def numbers(a, b):
    return all(isinstance(x, (int, float)) and not isinstance(x, bool) for x in (a, b))


def leaves(a, b, path=""):
    """Paths at which two values differ, with both."""
    if numbers(a, b):
        if abs(a - b) > TOLERANCE * max(1.0, abs(a), abs(b)):
            yield path, a, b
    elif type(a) is not type(b):
        yield path, a, b
    elif isinstance(a, dict):
        for key in sorted(a.keys() | b.keys()):
            yield from leaves(a.get(key), b.get(key), f"{path}.{key}" if path else key)
    elif isinstance(a, list):
        if len(a) != len(b):
            yield path, f"{len(a)} items", f"{len(b)} items"
        else:
            for i, (x, y) in enumerate(zip(a, b)):
                yield from leaves(x, y, f"{path}[{i}]")
    elif "extension." in path and isinstance(a, str):
        if not same_record(a, b):
            yield path, a, b
    elif a != b:
        yield path, a, b


def same_record(a, b):
    """What an extension dictionary's record holds as text: numbers are rounded in DXF (those near 0, too)."""
    left, right = VALUE.findall(a), VALUE.findall(b)
    if a == b or not left or [code for code, _ in left] != [code for code, _ in right]:
        return a == b
    for (_, x), (_, y) in zip(left, right):
        try:
            if x != y and abs(float(x) - float(y)) > TOLERANCE * max(1.0, abs(float(x))):
                return False
        except ValueError:
            return False
    return True


def by_handle(entities):
    rows = {}
    for number, entity in enumerate(entities):
        rows.setdefault(entity["handle"] or f"#{number}", entity)
    return rows


class Pair:
    def __init__(self, dwg, dxf):
        self.dwg, self.dxf, self.found, self.compared = dwg, dxf, [], 0

    def differ(self, place, entity, field, ours, theirs):
        self.found.append((place, entity, field, repr(ours)[:100], repr(theirs)[:100]))

    def entities(self, place, dwg, dxf):
        a, b = by_handle(dwg), by_handle(dxf)
        for handle in a.keys() - b.keys():
            self.differ(place, f"{a[handle]['type']} {handle}", "only in DWG", "", "")
        for handle in b.keys() - a.keys():
            self.differ(place, f"{b[handle]['type']} {handle}", "only in DXF", "", "")
        common = [h for h in a if h in b]
        if common != [h for h in b if h in a]:
            self.differ(place, "", "order", "", "")
        for handle in common:
            self.compared += 1
            for field, x, y in leaves(a[handle], b[handle]):
                self.differ(place, f"{a[handle]['type']} {handle}", field, x, y)

    def parts(self, kind, dwg, dxf, entities):
        a, b = {p["name"]: p for p in dwg}, {p["name"]: p for p in dxf}
        for name in sorted(a.keys() ^ b.keys()):
            self.differ("document", "", f"{kind} {name}", name in a, name in b)
        for name in a.keys() & b.keys():
            plain = [{k: v for k, v in p[name].items() if k not in ("entities", "layers")} for p in (a, b)]
            for field, x, y in leaves(*plain):
                self.differ(f"{kind} {name}", "", field, x, y)
            if "layers" in a[name]:
                self.parts(f"{kind} {name} layer", a[name]["layers"], b[name]["layers"], False)
            if entities:
                self.entities(f"{kind} {name}", a[name]["entities"], b[name]["entities"])

    def run(self):
        self.parts("sheet", self.dwg["sheets"], self.dxf["sheets"], True)
        self.parts("block", self.dwg["blocks"], self.dxf["blocks"], True)
        for part in ("metadata", "summary"):
            for field, x, y in leaves(*({k: v for k, v in d[part].items() if k not in VOLATILE}
                                        for d in (self.dwg, self.dxf))):
                self.differ("document", "", f"{part}.{field}", x, y)
        return self


def compare(job):
    cadlens, dwg, dxf = job
    (a, error_a), (b, error_b) = parse(cadlens, dwg), parse(cadlens, dxf)
    if a is None or b is None:
        return dxf.stem, 0, [("document", "", "not opened", error_a, error_b)]
    pair = Pair(a, b).run()
    return dxf.stem, pair.compared, pair.found


def pairs(corpus):
    """Those that expected/ found to be one drawing, not only one name."""
    for dwg in sorted((corpus / "dwg").rglob("*.dwg")):
        truth = json.loads((corpus / "expected" / dwg.relative_to(corpus)).with_suffix(".dwg.json").read_text())
        if truth["source"] != "ezdxf-twin":
            continue
        stem = corpus / "dxf" / dwg.relative_to(corpus / "dwg").with_suffix("")
        for tail in (".dxf", "_ascii.dxf", "_binary.dxf"):
            dxf = stem.with_name(stem.name + tail)
            if dxf.exists():
                yield dwg, dxf


def excuse(rules, used, name, row):
    for number, rule in enumerate(rules):
        if all(fnmatch.fnmatchcase(value, rule[key]) for key, value in
               zip(("pair", "place", "entity", "field"), (name,) + row[:3])):
            used.add(number)
            return True
    return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cadlens", default=str(PROJECT / "build" / "release" / "cadlens"))
    parser.add_argument("--only", default="")
    parser.add_argument("-v", "--verbose", action="store_true")
    args = parser.parse_args()
    corpus = corpus_dir()
    if not (corpus / "dwg").is_dir():
        print("corpus: not found;", "FAILED" if os.environ.get("CI") == "true" else "SKIPPED: DWG/DXF twins")
        return 1 if os.environ.get("CI") == "true" else 0
    rules = json.loads((HERE / "dwg_twin_differences.json").read_text())
    jobs = [(args.cadlens, a, b) for a, b in pairs(corpus) if args.only in b.name]
    used, bad, excused, compared = set(), 0, 0, 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for name, count, found in pool.map(compare, jobs):
            compared += count
            unknown = [row for row in found if not excuse(rules, used, name, row)]
            excused += len(found) - len(unknown)
            bad += bool(unknown)
            for row in unknown if args.verbose else unknown[:30]:
                print(f"DIFFERENT {name} [{row[0]}] {row[1]} {row[2]}: dwg {row[3]} dxf {row[4]}")
            if unknown and not args.verbose:
                print(f"DIFFERENT {name}: {len(unknown)} in all")
    stale = [rule for i, rule in enumerate(rules) if i not in used and not args.only]
    for rule in stale:
        print(f"STALE RULE {rule}")
    print(f"DWG/DXF twins: {len(jobs)} pairs, {compared} entities, {excused} differences with a listed cause, "
          f"{bad} pairs differ")
    return 1 if bad or stale or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
