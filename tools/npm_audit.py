#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges what `npm audit --json` printed (standard input): 1 when something is known against a package, 77
when the registry tells nothing.
"""
import json
import sys


def main():
    text = sys.stdin.read()
    try:
        report = json.loads(text)
    except ValueError:
        report = {"error": {"summary": text.strip().partition("\n")[0] or "npm printed nothing"}}
    known = report.get("vulnerabilities")
    if known is None or "auditReportVersion" not in report:
        why = report.get("message") or report.get("error", {}).get("summary") or "no report"
        print(f"this registry answers no audit: {why}")
        return 77
    for name, entry in sorted(known.items()):
        print(f"{entry['severity']}: {name} {entry['range']}")
    packages = report.get("metadata", {}).get("dependencies", {}).get("total", "all")
    print(f"{len(known)} of {packages} packages have known vulnerabilities")
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main())
