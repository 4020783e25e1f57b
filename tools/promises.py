#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The promises of docs/security.md, the tests named after each, and how those ended.

usage: tools/promises.py JUNIT.xml... [--brief]

Reads the reports of ctest and pytest. Fails when a promise that docs/security.md states as kept has no
test among them that ran and passed, when a test named after a promise failed, or when a test names a
promise that the document does not have. A skipped one (no corpus, say) is shown as such.
"""
import argparse
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROW = re.compile(r"^\| (S\d\d) \| (.+?) \| (.+?) \|", re.M)
ID = re.compile(r"(?<![A-Za-z0-9])S\d\d(?=_)")
LATER = "later"  # the first word of "kept by" where there is nothing yet


def promises():
    return {number: (text, not kept.startswith(LATER))
            for number, text, kept in ROW.findall((ROOT / "docs/security.md").read_text())}


def ending(case):
    for element in case:
        if element.tag in ("failure", "error"):
            return "FAILED"
        if element.tag == "skipped":
            return "skipped"
    return "ok" if case.get("status", "run") == "run" else case.get("status")


def tests(paths):
    found = {}
    for path in paths:
        for case in xml.parse(path).iter("testcase"):
            for number in dict.fromkeys(ID.findall(case.get("name").replace("test_S", "test S"))):
                found.setdefault(number, []).append((case.get("name"), ending(case)))
    return found


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("reports", nargs="+")
    options.add_argument("--brief", action="store_true", help="one line a promise, without its tests")
    options = options.parse_args()
    wanted, found, bad = promises(), tests(options.reports), []
    for number in sorted(wanted.keys() | found.keys()):
        text, kept = wanted.get(number, ("not in docs/security.md", False))
        rows = found.get(number, [])
        good = sum(result == "ok" for _, result in rows)
        failed = any(result not in ("ok", "skipped") for _, result in rows)
        if number not in wanted or failed or (kept and good == 0):
            bad.append(number)
        state = "FAIL" if number in bad else "ok" if kept else "later"
        print(f"{number}  {state:5} {good:3} of {len(rows):3} tests  {text}")
        if not options.brief:
            for name, result in sorted(set(rows)):
                print(f"       {result:8} {name}")
    kept = sum(kept for _, kept in wanted.values())
    print(f"promises: {kept} of {len(wanted)} kept, {len(bad)} without proof" + (": " + ", ".join(bad) if bad else ""))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
